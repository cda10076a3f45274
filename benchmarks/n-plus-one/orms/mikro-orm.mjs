import { EntitySchema, MikroORM } from '@mikro-orm/postgresql';

const id = { type: 'integer', primary: true };
const Author = new EntitySchema({ name: 'Author', tableName: 'authors', properties: { id, name: { type: 'text' } } });
const Tag = new EntitySchema({ name: 'Tag', tableName: 'tags', properties: { id, name: { type: 'text' } } });
const Comment = new EntitySchema({
  name: 'Comment',
  tableName: 'comments',
  properties: {
    id,
    post: { kind: 'm:1', entity: 'Post', fieldName: 'post_id' },
    author: { kind: 'm:1', entity: 'Author', fieldName: 'author_id' },
    body: { type: 'text' },
  },
});
const Post = new EntitySchema({
  name: 'Post',
  tableName: 'posts',
  properties: {
    id,
    author: { kind: 'm:1', entity: 'Author', fieldName: 'author_id' },
    title: { type: 'text' },
    comments: { kind: '1:m', entity: 'Comment', mappedBy: 'post' },
    tags: {
      kind: 'm:n',
      entity: 'Tag',
      pivotTable: 'post_tags',
      joinColumn: 'post_id',
      inverseJoinColumn: 'tag_id',
    },
  },
});
const View = new EntitySchema({
  name: 'View',
  tableName: 'views',
  properties: { id: { ...id, autoincrement: true }, post_id: { type: 'integer' } },
});

/** The program through MikroORM, whose identity map asks for each author once. */
export async function open(url) {
  const address = new URL(url);
  const orm = await MikroORM.init({
    entities: [Author, Post, Comment, Tag, View],
    dbName: address.pathname.slice(1),
    host: address.searchParams.get('host'),
    port: 5432,
    user: 'postgres',
    password: '',
    pool: { min: 0, max: 3 },
    discovery: { warnWhenNoEntities: false },
  });
  const page = (em, { from, size }, populate = []) =>
    em.find('Post', {}, { orderBy: { id: 'asc' }, limit: size, offset: from, populate });
  const eager = (populate) => (range) => page(orm.em.fork(), range, populate);
  return {
    lazy: {
      authors: async (range) => {
        const em = orm.em.fork();
        for (const post of await page(em, range)) await em.findOne('Author', post.author.id);
      },
      comments: async (range) => {
        for (const post of await page(orm.em.fork(), range)) await post.comments.init();
      },
      commenters: async (range) => {
        const em = orm.em.fork();
        for (const post of await page(em, range)) {
          await post.comments.init();
          for (const comment of post.comments) await em.findOne('Author', comment.author.id);
        }
      },
      tags: async (range) => {
        for (const post of await page(orm.em.fork(), range)) await post.tags.init();
      },
      renames: async (range) => {
        const em = orm.em.fork();
        for (const post of await page(em, range)) {
          post.title = `${post.title}!`;
          await em.flush();
        }
      },
      views: async (range) => {
        const em = orm.em.fork();
        for (const post of await page(em, range)) await em.insert('View', { post_id: post.id });
      },
    },
    eager: {
      authors: eager(['author']),
      comments: eager(['comments']),
      commenters: eager(['comments.author']),
      tags: eager(['tags']),
      renames: async (range) => {
        const em = orm.em.fork();
        for (const post of await page(em, range)) post.title = `${post.title}!`;
        await em.flush();
      },
      views: async (range) => {
        const em = orm.em.fork();
        await em.insertMany(
          'View',
          (await page(em, range)).map((post) => ({ post_id: post.id })),
        );
      },
    },
    close: () => orm.close(true),
  };
}

import { DataSource, EntitySchema, In } from 'typeorm';

const id = { type: 'int', primary: true };
const Author = new EntitySchema({ name: 'Author', tableName: 'authors', columns: { id, name: { type: 'text' } } });
const Tag = new EntitySchema({ name: 'Tag', tableName: 'tags', columns: { id, name: { type: 'text' } } });
const Comment = new EntitySchema({
  name: 'Comment',
  tableName: 'comments',
  columns: { id, post_id: { type: 'int' }, author_id: { type: 'int' }, body: { type: 'text' } },
  relations: {
    author: { type: 'many-to-one', target: 'Author', joinColumn: { name: 'author_id' } },
    post: { type: 'many-to-one', target: 'Post', joinColumn: { name: 'post_id' }, inverseSide: 'comments' },
  },
});
const Post = new EntitySchema({
  name: 'Post',
  tableName: 'posts',
  columns: { id, author_id: { type: 'int' }, title: { type: 'text' } },
  relations: {
    author: { type: 'many-to-one', target: 'Author', joinColumn: { name: 'author_id' } },
    comments: { type: 'one-to-many', target: 'Comment', inverseSide: 'post' },
    tags: {
      type: 'many-to-many',
      target: 'Tag',
      joinTable: { name: 'post_tags', joinColumn: { name: 'post_id' }, inverseJoinColumn: { name: 'tag_id' } },
    },
  },
});
const View = new EntitySchema({
  name: 'View',
  tableName: 'views',
  columns: { id: { type: 'int', primary: true, generated: 'increment' }, post_id: { type: 'int' } },
});

/** The program through TypeORM. */
export async function open(url) {
  const address = new URL(url);
  const source = await new DataSource({
    type: 'postgres',
    host: address.searchParams.get('host'),
    port: 5432,
    username: 'postgres',
    database: address.pathname.slice(1),
    extra: { max: 3 },
    entities: [Author, Post, Comment, Tag, View],
  }).initialize();
  const of = (entity) => source.getRepository(entity);
  const page = ({ from, size }, relations = {}) =>
    of(Post).find({ order: { id: 'ASC' }, skip: from, take: size, relations });
  const related = (entity, property, one) => source.createQueryBuilder().relation(entity, property).of(one);
  return {
    lazy: {
      authors: async (range) => {
        for (const post of await page(range)) await of(Author).findOneBy({ id: post.author_id });
      },
      comments: async (range) => {
        for (const post of await page(range)) await of(Comment).findBy({ post_id: post.id });
      },
      commenters: async (range) => {
        for (const post of await page(range))
          for (const comment of await of(Comment).findBy({ post_id: post.id }))
            await of(Author).findOneBy({ id: comment.author_id });
      },
      tags: async (range) => {
        for (const post of await page(range)) await related(Post, 'tags', post).loadMany();
      },
      renames: async (range) => {
        for (const post of await page(range)) await of(Post).update({ id: post.id }, { title: `${post.title}!` });
      },
      views: async (range) => {
        for (const post of await page(range)) await of(View).insert({ post_id: post.id });
      },
    },
    eager: {
      authors: (range) => page(range, { author: true }),
      comments: (range) => page(range, { comments: true }),
      commenters: (range) => page(range, { comments: { author: true } }),
      tags: (range) => page(range, { tags: true }),
      renames: async (range) => {
        const ids = (await page(range)).map((post) => post.id);
        await of(Post).update({ id: In(ids) }, { title: () => "title || '!'" });
      },
      views: async (range) => of(View).insert((await page(range)).map((post) => ({ post_id: post.id }))),
    },
    close: () => source.destroy(),
  };
}

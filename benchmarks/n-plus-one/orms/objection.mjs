import knexModule from 'knex';
import { Model } from 'objection';

/** The program through Objection on Knex. */
export async function open(url) {
  const knex = knexModule({ client: 'pg', connection: url, pool: { min: 0, max: 3 } });
  class Base extends Model {}
  Base.knex(knex);
  class Author extends Base {
    static tableName = 'authors';
  }
  class Tag extends Base {
    static tableName = 'tags';
  }
  class View extends Base {
    static tableName = 'views';
  }
  class Comment extends Base {
    static tableName = 'comments';
    static relationMappings = {
      author: {
        relation: Model.BelongsToOneRelation,
        modelClass: Author,
        join: { from: 'comments.author_id', to: 'authors.id' },
      },
    };
  }
  class Post extends Base {
    static tableName = 'posts';
    static relationMappings = {
      author: {
        relation: Model.BelongsToOneRelation,
        modelClass: Author,
        join: { from: 'posts.author_id', to: 'authors.id' },
      },
      comments: {
        relation: Model.HasManyRelation,
        modelClass: Comment,
        join: { from: 'posts.id', to: 'comments.post_id' },
      },
      tags: {
        relation: Model.ManyToManyRelation,
        modelClass: Tag,
        join: { from: 'posts.id', through: { from: 'post_tags.post_id', to: 'post_tags.tag_id' }, to: 'tags.id' },
      },
    };
  }
  const page = ({ from, size }) => Post.query().orderBy('id').limit(size).offset(from);
  return {
    lazy: {
      authors: async (range) => {
        for (const post of await page(range)) await post.$relatedQuery('author');
      },
      comments: async (range) => {
        for (const post of await page(range)) await post.$relatedQuery('comments');
      },
      commenters: async (range) => {
        for (const post of await page(range))
          for (const comment of await post.$relatedQuery('comments')) await comment.$relatedQuery('author');
      },
      tags: async (range) => {
        for (const post of await page(range)) await post.$relatedQuery('tags');
      },
      renames: async (range) => {
        for (const post of await page(range)) await post.$query().patch({ title: `${post.title}!` });
      },
      views: async (range) => {
        for (const post of await page(range)) await View.query().insert({ post_id: post.id });
      },
    },
    eager: {
      authors: (range) => page(range).withGraphFetched('author'),
      comments: (range) => page(range).withGraphFetched('comments'),
      commenters: (range) => page(range).withGraphFetched('comments.author'),
      tags: (range) => page(range).withGraphFetched('tags'),
      renames: async (range) => {
        const ids = (await page(range)).map((post) => post.id);
        await Post.query()
          .patch({ title: knex.raw("title || '!'") })
          .whereIn('id', ids);
      },
      views: async (range) => View.query().insert((await page(range)).map((post) => ({ post_id: post.id }))),
    },
    close: () => knex.destroy(),
  };
}

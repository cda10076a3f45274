import { asc, eq, inArray, relations, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import pg from 'pg';

const authors = pgTable('authors', { id: integer('id').primaryKey(), name: text('name') });
const posts = pgTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id'),
  title: text('title'),
});
const comments = pgTable('comments', {
  id: integer('id').primaryKey(),
  postId: integer('post_id'),
  authorId: integer('author_id'),
  body: text('body'),
});
const tags = pgTable('tags', { id: integer('id').primaryKey(), name: text('name') });
const postTags = pgTable('post_tags', { postId: integer('post_id'), tagId: integer('tag_id') });
const views = pgTable('views', { id: serial('id').primaryKey(), postId: integer('post_id') });
const postRelations = relations(posts, ({ one, many }) => ({
  author: one(authors, { fields: [posts.authorId], references: [authors.id] }),
  comments: many(comments),
  postTags: many(postTags),
}));
const commentRelations = relations(comments, ({ one }) => ({
  post: one(posts, { fields: [comments.postId], references: [posts.id] }),
  author: one(authors, { fields: [comments.authorId], references: [authors.id] }),
}));
const postTagRelations = relations(postTags, ({ one }) => ({
  post: one(posts, { fields: [postTags.postId], references: [posts.id] }),
  tag: one(tags, { fields: [postTags.tagId], references: [tags.id] }),
}));
const schema = { authors, posts, comments, tags, postTags, views, postRelations, commentRelations, postTagRelations };

/** The program through Drizzle. */
export async function open(url) {
  const pool = new pg.Pool({ connectionString: url, max: 3 });
  const db = drizzle(pool, { schema });
  const page = ({ from, size }) => db.select().from(posts).orderBy(asc(posts.id)).limit(size).offset(from);
  const whole = ({ from, size }, related) =>
    db.query.posts.findMany({ orderBy: asc(posts.id), limit: size, offset: from, with: related });
  const authorOf = (key) => db.select().from(authors).where(eq(authors.id, key));
  const commentsOf = (key) => db.select().from(comments).where(eq(comments.postId, key));
  return {
    lazy: {
      authors: async (range) => {
        for (const post of await page(range)) await authorOf(post.authorId);
      },
      comments: async (range) => {
        for (const post of await page(range)) await commentsOf(post.id);
      },
      commenters: async (range) => {
        for (const post of await page(range))
          for (const comment of await commentsOf(post.id)) await authorOf(comment.authorId);
      },
      tags: async (range) => {
        for (const post of await page(range))
          await db
            .select({ id: tags.id, name: tags.name })
            .from(postTags)
            .innerJoin(tags, eq(tags.id, postTags.tagId))
            .where(eq(postTags.postId, post.id));
      },
      renames: async (range) => {
        for (const post of await page(range))
          await db
            .update(posts)
            .set({ title: `${post.title}!` })
            .where(eq(posts.id, post.id));
      },
      views: async (range) => {
        for (const post of await page(range)) await db.insert(views).values({ postId: post.id });
      },
    },
    eager: {
      authors: (range) => whole(range, { author: true }),
      comments: (range) => whole(range, { comments: true }),
      commenters: (range) => whole(range, { comments: { with: { author: true } } }),
      tags: (range) => whole(range, { postTags: { with: { tag: true } } }),
      renames: async (range) => {
        const ids = (await page(range)).map((post) => post.id);
        await db.update(posts).set({ title: sql`title || '!'` }).where(inArray(posts.id, ids));
      },
      views: async (range) => db.insert(views).values((await page(range)).map((post) => ({ postId: post.id }))),
    },
    close: () => pool.end(),
  };
}

import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@prisma/client';

/** The program through Prisma: its client in TypeScript, which needs no engine, over pg. */
export async function open(url) {
  const db = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 3 }) });
  const page = ({ from, size }, include) =>
    db.posts.findMany({
      orderBy: { id: 'asc' },
      skip: from,
      take: size,
      ...(include === undefined ? {} : { include }),
    });
  const authorOf = (id) => db.authors.findUnique({ where: { id } });
  const commentsOf = (postId) => db.comments.findMany({ where: { post_id: postId } });
  return {
    lazy: {
      authors: async (range) => {
        for (const post of await page(range)) await authorOf(post.author_id);
      },
      comments: async (range) => {
        for (const post of await page(range)) await commentsOf(post.id);
      },
      commenters: async (range) => {
        for (const post of await page(range))
          for (const comment of await commentsOf(post.id)) await authorOf(comment.author_id);
      },
      tags: async (range) => {
        for (const post of await page(range))
          await db.tags.findMany({ where: { post_tags: { some: { post_id: post.id } } } });
      },
      renames: async (range) => {
        for (const post of await page(range))
          await db.posts.update({ where: { id: post.id }, data: { title: `${post.title}!` } });
      },
      views: async (range) => {
        for (const post of await page(range)) await db.views.create({ data: { post_id: post.id } });
      },
    },
    eager: {
      authors: (range) => page(range, { authors: true }),
      comments: (range) => page(range, { comments: true }),
      commenters: (range) => page(range, { comments: { include: { authors: true } } }),
      tags: (range) => page(range, { post_tags: { include: { tags: true } } }),
      renames: async (range) => {
        const ids = (await page(range)).map((post) => post.id);
        await db.posts.updateMany({ where: { id: { in: ids } }, data: { title: 'renamed' } });
      },
      views: async (range) => db.views.createMany({ data: (await page(range)).map((post) => ({ post_id: post.id })) }),
    },
    close: () => db.$disconnect(),
  };
}

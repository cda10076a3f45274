import type { Session } from '../../../src/postgres/session.js';

const AUTHORS = 500;
const POSTS = 2000;
const COMMENTS = 6000;

/** Posts of authors with comments and tags, and rows that have nothing to do with them. */
export async function fillBlog(session: Session): Promise<void> {
  await session.script(`
    CREATE TABLE authors (id int PRIMARY KEY, name text NOT NULL);
    INSERT INTO authors SELECT n, 'author ' || n FROM generate_series(1, ${AUTHORS}) AS n;
    CREATE TABLE posts (id int PRIMARY KEY, author_id int NOT NULL REFERENCES authors, title text NOT NULL);
    INSERT INTO posts SELECT n, 1 + n * 37 % ${AUTHORS}, 'post ' || n FROM generate_series(1, ${POSTS}) AS n;
    CREATE TABLE comments (id int PRIMARY KEY, post_id int NOT NULL REFERENCES posts, author_id int NOT NULL REFERENCES authors, body text);
    INSERT INTO comments SELECT n, 1 + n * 7 % ${POSTS}, 1 + n * 11 % ${AUTHORS}, 'body' FROM generate_series(1, ${COMMENTS}) AS n;
    CREATE INDEX ON comments (post_id);
    CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);
    INSERT INTO tags SELECT n, 'tag ' || n FROM generate_series(1, 50) AS n;
    CREATE TABLE post_tags (post_id int REFERENCES posts, tag_id int REFERENCES tags, PRIMARY KEY (post_id, tag_id));
    INSERT INTO post_tags SELECT n, 1 + n % 50 FROM generate_series(1, ${POSTS}) AS n;
    CREATE TABLE users (id int PRIMARY KEY, name text);
    INSERT INTO users SELECT n, 'user' FROM generate_series(1, 3000) AS n;
    CREATE TABLE badges (id int PRIMARY KEY, user_id int REFERENCES users);
    CREATE TABLE folders (id int PRIMARY KEY, parent_id int REFERENCES folders);
    INSERT INTO folders SELECT n, nullif(n / 4, 0) FROM generate_series(1, 400) AS n;
    CREATE INDEX ON folders (parent_id);
    CREATE TABLE visits (post_id int, seen_at timestamptz DEFAULT now());
    ANALYZE`);
}

/** One statement of a request. */
export interface Step {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

const step = (text: string, ...values: readonly (string | number)[]): Step => ({ text, values });
const page = (size: number, from: number) => Array.from({ length: size }, (_, index) => from + index);
const authorOf = (post: number) => 1 + ((post * 37) % AUTHORS);
const commentsOf = (post: number) =>
  page(COMMENTS, 1)
    .filter((id) => 1 + ((id * 7) % POSTS) === post)
    .map((id) => ({ id, author: 1 + ((id * 11) % AUTHORS) }));

const PAGE = 'SELECT id, author_id, title FROM posts WHERE id >= $1 ORDER BY id LIMIT 15';
const AUTHOR = 'SELECT name FROM authors WHERE id = $1';
const OF_POST = 'SELECT id, author_id FROM comments WHERE post_id = $1 ORDER BY id';
const TAGS = 'SELECT t.name FROM post_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.post_id = $1';
const USER = 'SELECT name FROM users WHERE id = $1';

type Program = (pick: (count: number) => number) => readonly Step[];

/** Requests that loop, with the linkages that they are to be found by: `class child < parent`. */
export const LOOPS: Readonly<Record<string, { readonly run: Program; readonly found: readonly string[] }>> = {
  'the author of each post': {
    run: (pick) => {
      const from = 1 + pick(POSTS - 20);
      return [step(PAGE, from), ...page(15, from).map((post) => step(AUTHOR, authorOf(post)))];
    },
    found: ['select authors < posts'],
  },
  'the author of each post, each author once, and half of them': {
    run: (pick) => {
      const from = 1 + pick(POSTS - 20);
      const authors = [...new Set(page(15, from).map(authorOf))].filter((_, place) => place % 2 === 0);
      return [step(PAGE, from), ...authors.map((author) => step(AUTHOR, author))];
    },
    found: ['select authors < posts'],
  },
  'comments of each post, and the author of each comment': {
    run: (pick) => {
      const from = 1 + pick(POSTS - 20);
      const ofPost = (post: number) => [
        step(OF_POST, post),
        ...commentsOf(post).map(({ author }) => step(AUTHOR, author)),
      ];
      return [step(PAGE, from), ...page(15, from).flatMap(ofPost)];
    },
    found: ['select authors < comments, nested', 'select comments < posts'],
  },
  'tags of each post': {
    run: (pick) => {
      const from = 1 + pick(POSTS - 20);
      return [step(PAGE, from), ...page(15, from).map((post) => step(TAGS, post))];
    },
    found: ['select post_tags < posts, junction'],
  },
  'a visit for each post': {
    run: (pick) => {
      const from = 1 + pick(POSTS - 20);
      return [
        step(PAGE, from),
        ...page(15, from).map((post) => step('INSERT INTO visits (post_id) VALUES ($1)', post)),
      ];
    },
    found: ['insert visits < posts'],
  },
};

/** Requests that are no loops over rows. */
export const INNOCENTS: Readonly<Record<string, Program>> = {
  'a user by key': (pick) => [step(USER, 1 + pick(3000))],
  'chunks of authors': (pick) => {
    const from = 1 + pick(300);
    return page(6, from).map((n) => step('SELECT name FROM authors WHERE id = ANY($1)', `{${n},${n + 1},${n + 2}}`));
  },
  'keyset pages': () =>
    page(8, 0).map((n) => step('SELECT id, title FROM posts WHERE id > $1 ORDER BY id LIMIT 20', n * 20)),
  'offset pages': () => page(8, 0).map((n) => step('SELECT id FROM tags ORDER BY id LIMIT $1 OFFSET $2', 5, n * 5)),
  'one post with its author': (pick) => {
    const post = 1 + pick(POSTS);
    return [step('SELECT * FROM posts WHERE id = $1', post), step(AUTHOR, authorOf(post))];
  },
  'a page, and users by key that happen to bear numbers of posts': (pick) => [
    step(PAGE, 1),
    ...page(10, 1).map(() => step(USER, 1 + pick(3000))),
  ],
  'a walk of a tree': (pick) => {
    const children = (id: number): number[] => page(4, id * 4).filter((n) => n <= 400);
    const walk = (id: number): number[] => [id, ...children(id).flatMap(walk)];
    return walk(5 + pick(3)).map((id) => step('SELECT id FROM folders WHERE parent_id = $1', id));
  },
};

import { DataTypes, Sequelize } from 'sequelize';

/** The program through Sequelize. */
export async function open(url) {
  const address = new URL(url);
  const sequelize = new Sequelize(address.pathname.slice(1), 'postgres', '', {
    dialect: 'postgres',
    host: address.searchParams.get('host'),
    port: 5432,
    logging: false,
    pool: { max: 3 },
  });
  const define = (name, columns) => sequelize.define(name, columns, { tableName: name, timestamps: false });
  const id = { type: DataTypes.INTEGER, primaryKey: true };
  const Author = define('authors', { id, name: DataTypes.TEXT });
  const Post = define('posts', { id, author_id: DataTypes.INTEGER, title: DataTypes.TEXT });
  const Comment = define('comments', {
    id,
    post_id: DataTypes.INTEGER,
    author_id: DataTypes.INTEGER,
    body: DataTypes.TEXT,
  });
  const Tag = define('tags', { id, name: DataTypes.TEXT });
  const View = define('views', {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    post_id: DataTypes.INTEGER,
  });
  Post.belongsTo(Author, { foreignKey: 'author_id', as: 'author' });
  Post.hasMany(Comment, { foreignKey: 'post_id', as: 'comments' });
  Comment.belongsTo(Author, { foreignKey: 'author_id', as: 'author' });
  Post.belongsToMany(Tag, {
    through: 'post_tags',
    foreignKey: 'post_id',
    otherKey: 'tag_id',
    as: 'tags',
    timestamps: false,
  });
  const page = ({ from, size }, include = []) =>
    Post.findAll({ order: [['id', 'ASC']], limit: size, offset: from, include });
  return {
    lazy: {
      authors: async (range) => {
        for (const post of await page(range)) await post.getAuthor();
      },
      comments: async (range) => {
        for (const post of await page(range)) await post.getComments();
      },
      commenters: async (range) => {
        for (const post of await page(range)) for (const comment of await post.getComments()) await comment.getAuthor();
      },
      tags: async (range) => {
        for (const post of await page(range)) await post.getTags();
      },
      renames: async (range) => {
        for (const post of await page(range)) await post.update({ title: `${post.title}!` });
      },
      views: async (range) => {
        for (const post of await page(range)) await View.create({ post_id: post.id });
      },
    },
    eager: {
      authors: (range) => page(range, ['author']),
      comments: (range) => page(range, ['comments']),
      commenters: (range) => page(range, [{ association: 'comments', include: ['author'] }]),
      tags: (range) => page(range, ['tags']),
      renames: async (range) => {
        const ids = (await page(range)).map((post) => post.id);
        await Post.update({ title: Sequelize.literal("title || '!'") }, { where: { id: ids } });
      },
      views: async (range) => View.bulkCreate((await page(range)).map((post) => ({ post_id: post.id }))),
    },
    close: () => sequelize.close(),
  };
}

import { type Markup, markup, nothing } from '../../markup.js';

/** A table's column; on a narrow page its title stands before each value. */
interface Column {
  readonly title: string;
  /** What the head shows below the title. */
  readonly below?: Markup;
  /** `value` for figures that align on the right. */
  readonly class?: string;
}

/** A table whose first column, or the one at `rowHeader`, names its rows. */
export interface Table {
  readonly class: string;
  readonly caption?: string;
  readonly columns: readonly Column[];
  readonly rowHeader?: number;
  readonly rows: readonly (readonly Markup[])[];
}

/** Gives a table with scopes; roles are written out, since a narrow page lays its cells out as blocks. */
export function table({ class: name, caption, columns, rowHeader = 0, rows }: Table): Markup {
  const head = columns.map(
    ({ title, below, class: kind = '' }) =>
      markup`<th scope="col" role="columnheader" class="${kind}">${title}${below ?? nothing}</th>`,
  );
  const cell = (content: Markup, index: number) => {
    const { title = '', class: kind = '' } = columns[index] ?? {};
    return index === rowHeader
      ? markup`<th scope="row" role="rowheader">${content}</th>`
      : markup`<td role="cell" class="${kind}" data-label="${title.toLowerCase()}">${content}</td>`;
  };
  return markup`<table role="table" class="${name}">${caption === undefined ? nothing : markup`<caption>${caption}</caption>`}
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => markup`<tr role="row">${cells.map(cell)}</tr>`)}</tbody></table>`;
}

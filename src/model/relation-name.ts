/** A relation's name; identifiers unquoted. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
}

import type { SourceLocation } from '../../model/workload.js';
import { bodyOf } from '../../sql/walk.js';
import type { LintStatement } from '../lint/lint-file.js';
import type { LintContext } from '../lint/observation.js';
import type { LintRule } from './rule.js';
import { locationOf, seen, startOf, statementsOf } from './wording.js';

/** A function names what is not there. */
export const brokenFunctionBody: LintRule = {
  id: 'broken-function-body',
  title: 'A function names a table or a column that is not there',
  severity: 'error',
  docs: {
    what: 'PL/pgSQL and SQL functions of the finished schema in which a query names a table or a column that does not exist. Each query of the body is prepared on the private server with NULLs in place of its variables; NEW and OLD are rows of the table whose trigger calls it.',
    why: 'PL/pgSQL looks at no query before it runs, so CREATE FUNCTION goes through and the first call fails: for a trigger function that is the next write. A function also breaks when a later file drops what it names.',
    limits:
      'EXECUTE of a text that is put together is not looked at, nor are functions with settings of their own, such as SET search_path. A trigger function that several tables share is not judged by its NEW and OLD.',
    sources: ['https://www.postgresql.org/docs/current/plpgsql-implementation.html#PLPGSQL-PLAN-CACHING'],
  },
  check: (context) =>
    context.final.brokenBodies.map(({ routine, name, bodyLine, reason }) => {
      const maker = makerOf(context, name);
      return {
        title: `${routine} fails when it is called: ${reason}`,
        message: `In line ${bodyLine} of its body the server says: ${reason}. Creating the function went through, calling it will not. Correct the body, or change it together with what it names.`,
        object: routine,
        location: maker === undefined ? startOf(context.set.files[0]?.path ?? '') : placeIn(maker, bodyLine),
        proof: seen(context, 'each query of the body was prepared by itself'),
      };
    }),
};

/** The line of the body in its file; the statement's own where the body is put together. */
function placeIn(maker: LintStatement, bodyLine: number): SourceLocation {
  const options = bodyOf(maker.tree, 'CreateFunctionStmt')?.options ?? [];
  const parts = options.flatMap((option) => {
    const { defname, arg } = bodyOf(option, 'DefElem') ?? {};
    return defname === 'as' ? (bodyOf(arg, 'List')?.items ?? []) : [];
  });
  const at = maker.text.indexOf(bodyOf(parts[0], 'String')?.sval ?? '');
  if (parts.length === 0 || at < 0) return locationOf(maker);
  const line = maker.line + maker.text.slice(0, at).split('\n').length - 1 + bodyLine - 1;
  return line === maker.line ? locationOf(maker) : { file: maker.path, line, column: 1 };
}

/** The last statement that makes a function of this name. */
function makerOf(context: LintContext, name: string): LintStatement | undefined {
  return statementsOf(context)
    .filter(({ tree, text }) => {
      const names = bodyOf(tree, 'CreateFunctionStmt')?.funcname ?? [];
      return bodyOf(names.at(-1), 'String')?.sval === name || ('DoStmt' in tree && text.includes(name));
    })
    .at(-1);
}

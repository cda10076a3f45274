import type { SuppressedFinding } from '../../model/advice.js';
import type { Finding } from '../../model/finding.js';
import type { LintFile, LintSet } from './lint-file.js';

export interface SortedOut {
  /** By file and line: that is how a person goes through them. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Directives that name no rule or that nothing was found for, one sentence each. */
  readonly unused: readonly { readonly ruleId: string; readonly reason: string }[];
}

/** Rules that a directive may name. */
export interface NamedRules {
  /** Those of this run: a directive for one of them that nothing was found for is told. */
  readonly judged: ReadonlySet<string>;
  /** Those of other commands. */
  readonly elsewhere: ReadonlySet<string>;
}

interface Directive {
  readonly file: LintFile;
  readonly path: string;
  readonly line: number;
  readonly ruleId: string;
  readonly reason: string;
}

/**
 * Puts findings in order and leaves out what files say to ignore: a directive above the first statement holds for its
 * whole file, another one for the statement that follows it, and any for what was found in the other file of the pair.
 */
export function sortOut(set: LintSet, found: readonly Finding[], rules: NamedRules): SortedOut {
  const directives = set.files.flatMap(directivesOf);
  const used = new Set<Directive>();
  const findings: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of inOrder(found, set)) {
    const directive = directives.find((each) => holdsFor(each, finding));
    if (directive === undefined) findings.push(finding);
    else {
      used.add(directive);
      const { ruleId, key, location } = finding;
      suppressed.push({ ruleId, key, reason: directive.reason, location });
    }
  }
  const unused = directives.filter((each) => !used.has(each) && !rules.elsewhere.has(each.ruleId));
  return { findings, suppressed, unused: unused.map((each) => unusedReason(each, rules.judged)) };
}

function directivesOf(file: LintFile): readonly Directive[] {
  return [file.script, ...(file.down === null ? [] : [file.down])].flatMap(({ path, directives }) =>
    directives.flatMap((each) => (each.kind === 'ignore' ? [{ ...each, path, file }] : [])),
  );
}

function inOrder(findings: readonly Finding[], { files }: LintSet): readonly Finding[] {
  const places = new Map(files.flatMap((file, place) => pathsOf(file).map((path) => [path, place] as const)));
  const placeOf = ({ location }: Finding) => places.get(location?.file ?? '') ?? files.length;
  const lineOf = ({ location }: Finding) => location?.line ?? 0;
  return [...findings].sort((left, right) => placeOf(left) - placeOf(right) || lineOf(left) - lineOf(right));
}

function pathsOf({ path, down }: LintFile): readonly string[] {
  return down === null ? [path] : [path, down.path];
}

function holdsFor({ file, path, line, ruleId }: Directive, finding: Finding): boolean {
  const { location } = finding;
  if (ruleId !== finding.ruleId || location === null || !pathsOf(file).includes(location.file)) return false;
  if (path !== location.file || path !== file.path) return true;
  const lines = file.statements.map((statement) => statement.line);
  const next = lines.find((each) => each > line);
  if (next === undefined || next === lines[0]) return next === lines[0];
  // A finding may stand in the middle of its statement, as in the body of a function.
  return location.line >= next && !lines.some((each) => each > next && each <= location.line);
}

function unusedReason({ path, line, ruleId }: Directive, judged: ReadonlySet<string>) {
  const reason = judged.has(ruleId)
    ? `${path}:${line} ignores it, and there is nothing to ignore`
    : `${path}:${line} ignores a rule of this name, and there is none`;
  return { ruleId, reason };
}

import type { SuppressedFinding } from '../../model/advice.js';
import type { Finding } from '../../model/finding.js';
import type { LintSet } from './lint-file.js';

export interface Suppressed {
  readonly kept: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Directives that name no rule or that nothing was found for, one sentence each. */
  readonly unused: readonly { readonly ruleId: string; readonly reason: string }[];
}

interface Directive {
  readonly path: string;
  readonly line: number;
  readonly ruleId: string;
  readonly reason: string;
}

/**
 * Leaves out what files say to ignore: a directive above the first statement holds for its whole file, another one for
 * the statement that follows it.
 */
export function suppress(set: LintSet, findings: readonly Finding[], knownRules: ReadonlySet<string>): Suppressed {
  const directives = set.files.flatMap(({ path, script }) =>
    script.directives.flatMap((each): Directive[] => (each.kind === 'ignore' ? [{ ...each, path }] : [])),
  );
  const used = new Set<Directive>();
  const kept: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of findings) {
    const directive = directives.find((each) => holdsFor(each, finding, set));
    if (directive === undefined) kept.push(finding);
    else {
      used.add(directive);
      const { ruleId, key, location } = finding;
      suppressed.push({ ruleId, key, reason: directive.reason, location });
    }
  }
  const unused = directives.filter((each) => !used.has(each)).map((each) => unusedReason(each, knownRules));
  return { kept, suppressed, unused };
}

function holdsFor(directive: Directive, { ruleId, location }: Finding, set: LintSet): boolean {
  if (directive.ruleId !== ruleId || directive.path !== location?.file) return false;
  const lines = set.files.find(({ path }) => path === directive.path)?.statements.map(({ line }) => line) ?? [];
  const next = lines.find((line) => line > directive.line);
  return next === lines[0] || next === location.line;
}

function unusedReason({ path, line, ruleId }: Directive, knownRules: ReadonlySet<string>) {
  const reason = knownRules.has(ruleId)
    ? `${path}:${line} ignores it, and there is nothing to ignore`
    : `${path}:${line} ignores a rule of this name, and there is none`;
  return { ruleId, reason };
}

/**
 * Gives `color-mix()` a fallback for browsers before Chrome 111 (360 browser, the last Chrome of Windows 7): Tabler
 * tints everything with it, and a declaration a browser cannot read is lost. The fallback is computed once, from the
 * light values of `:root`; newer browsers skip it.
 */
import { transform } from 'lightningcss';
import type { AtRule as AtRuleNode, Declaration, Plugin, Root, Rule } from 'postcss';

const MIX = 'color-mix(';
const UNSUPPORTED = 'not (color: color-mix(in srgb, red, red))';
const DEEPEST = 12;

export function lowerColorMix(): Plugin {
  return {
    postcssPlugin: 'xingtan-lower-color-mix',
    OnceExit(root, { AtRule, Rule }) {
      const names = rootProperties(root);
      root.walkRules((rule) => {
        if (rule.parent?.type === 'atrule' && (rule.parent as AtRuleNode).name.endsWith('keyframes')) return;
        const known = withLocals(names, rule);
        const old = rule.nodes.flatMap((node) => {
          const value = node.type === 'decl' && node.value.includes(MIX) ? fallback(node.value, known) : null;
          return value === null ? [] : [(node as Declaration).clone({ value })];
        });
        // Behind the rule, not before the declaration: the minifier drops an earlier `color` as overridden, and a
        // custom property takes any text, so that there the newer value would win in the old browser too.
        if (!old.length) return;
        const again = new Rule({ selector: rule.selector, nodes: old });
        rule.after(new AtRule({ name: 'supports', params: UNSUPPORTED, nodes: [again] }));
      });
    },
  };
}
lowerColorMix.postcss = true;

/** The custom properties of the page in its light look. */
function rootProperties(root: Root): Map<string, string> {
  const names = new Map<string, string>();
  root.walkRules(/(^|,)\s*:root\s*(,|$)/, (rule) => collect(rule, names));
  return names;
}

function withLocals(names: Map<string, string>, rule: Rule): Map<string, string> {
  const all = new Map(names);
  collect(rule, all);
  return all;
}

function collect(rule: Rule, into: Map<string, string>): void {
  rule.each((node) => {
    if (node.type === 'decl' && node.prop.startsWith('--')) into.set(node.prop, node.value);
  });
}

/** The value without `color-mix`, or null when it hangs on something only the page knows. */
export function fallback(value: string, names: Map<string, string>): string | null {
  const plain = resolve(value, names, DEEPEST);
  if (plain === null) return null;
  const css = computed(plain);
  return css.includes(MIX) || css.includes('var(') || css.includes('light-dark(') ? null : css;
}

/** Replaces `var()` by what it stands for and `light-dark()` by its first part. */
function resolve(value: string, names: Map<string, string>, depth: number): string | null {
  if (depth === 0) return null;
  const call = innermost(value, ['var(', 'light-dark(']);
  if (!call) return value;
  const [first = '', ...rest] = parts(call.body);
  const meant = call.name === 'var(' ? (names.get(first.trim()) ?? (rest.length ? rest.join(',') : undefined)) : first;
  if (meant === undefined) return null;
  const known = resolve(meant.trim(), names, depth - 1);
  return known === null ? null : resolve(value.slice(0, call.start) + known + value.slice(call.end), names, depth);
}

interface Call {
  name: string;
  start: number;
  end: number;
  body: string;
}

/** The last-opening call of one of the functions, so that its arguments hold no further one. */
function innermost(value: string, functions: string[]): Call | null {
  const found = functions.map((name) => ({ name, start: value.lastIndexOf(name) })).sort((a, b) => b.start - a.start)[0];
  if (!found || found.start < 0) return null;
  const from = found.start + found.name.length;
  let open = 1;
  for (let i = from; i < value.length; i++) {
    if (value[i] === '(') open++;
    else if (value[i] === ')' && --open === 0) return { ...found, end: i + 1, body: value.slice(from, i) };
  }
  return null;
}

/** Splits at the commas that stand in no bracket. */
function parts(body: string): string[] {
  const found: string[] = [];
  let open = 0;
  let start = 0;
  Array.from(body).forEach((letter, i) => {
    if (letter === '(') open++;
    else if (letter === ')') open--;
    else if (letter === ',' && open === 0) {
      found.push(body.slice(start, i));
      start = i + 1;
    }
  });
  return [...found, body.slice(start)];
}

/** Each `color-mix()` as the colour it gives; what cannot be computed stays as it is. */
function computed(value: string): string {
  const call = innermost(value, [MIX]);
  if (!call) return value;
  const source = `a{color:${MIX}${percent(call.body)})}`;
  const { code } = transform({ filename: 'mix.css', code: Buffer.from(source), minify: true, targets: { chrome: 80 << 16 }, errorRecovery: true });
  const colour = /color:([^;}]+)/.exec(code.toString())?.[1];
  if (!colour || colour.includes(MIX)) return value;
  return computed(value.slice(0, call.start) + colour + value.slice(call.end));
}

/** `calc(0.4 * 100%)` as `40%`: the computation of colours takes plain percentages only. */
function percent(body: string): string {
  return body.replace(/calc\(\s*([\d.]+)\s*\*\s*100%\s*\)/g, (_all, share: string) => `${Number(share) * 100}%`);
}

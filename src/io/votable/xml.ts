/**
 * The tags and texts of an XML file, one after another: enough for VOTable, and nothing more. No DTD is read and no entity defined by a file is
 * expanded, so that a file can name no other and cannot grow; time is linear in its length.
 */
export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Text with the five entities of XML and numeric ones expanded; others stay as they are. */
function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES.get(name) ?? whole;
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Name without its namespace. */
const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Events in order. What is no tag is text; an unfinished tag at the end is dropped. */
export function* xmlEvents(text: string): Generator<XmlEvent> {
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('<', at);
    const end = open < 0 ? text.length : open;
    if (end > at) yield { kind: 'text', text: unescape(text.slice(at, end)) };
    if (open < 0) return;
    const special = [
      ['<!--', '-->'],
      ['<![CDATA[', ']]>'],
      ['<?', '?>'],
    ].find(([start = '']) => text.startsWith(start, open));
    if (special) {
      const [start = '', stop = ''] = special;
      const close = text.indexOf(stop, open + start.length);
      if (close < 0) return;
      if (start === '<![CDATA[') yield { kind: 'text', text: text.slice(open + start.length, close) };
      at = close + stop.length;
      continue;
    }
    const close = tagEnd(text, open);
    if (close < 0) return;
    at = close + 1;
    const tag = text.slice(open + 1, close);
    if (tag.startsWith('!')) continue;
    if (tag.startsWith('/')) {
      yield { kind: 'close', name: local(tag.slice(1).trim()) };
      continue;
    }
    const empty = tag.endsWith('/');
    const name = local(/^[^\s/>]*/.exec(tag)?.[0] ?? '');
    yield { kind: 'open', name, attributes: attributesOf(tag) };
    if (empty) yield { kind: 'close', name };
  }
}

/** Where the tag that opens at `open` ends; a `>` in quotes does not end it. */
function tagEnd(text: string, open: number): number {
  let quote = '';
  for (let i = open + 1; i < text.length; i++) {
    const sign = text.charAt(i);
    if (quote !== '') {
      if (sign === quote) quote = '';
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '>') return i;
  }
  return -1;
}

function attributesOf(tag: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of tag.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    found.set(local(match[1] ?? ''), unescape(match[2] ?? match[3] ?? ''));
  }
  return found;
}

"""Tables of a document that a command writes: between <!-- name --> and <!-- /name -->, laid out as prettier would."""
import os


class MarkerError(Exception):
    """The document has no such place; the message names the marker."""


def table(header, rows, right=True):
    """A Markdown table of strings; the first column is set left, the others right unless `right` is False."""
    widths = [max(3, *(len(row[i]) for row in (header, *rows))) for i in range(len(header))]
    sides = [right and i > 0 for i in range(len(header))]
    pad = lambda row: '| ' + ' | '.join(cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, sides)) + ' |'
    rule = '| ' + ' | '.join('-' * (w - 1) + ':' if r else '-' * w for w, r in zip(widths, sides)) + ' |'
    return '\n'.join([pad(header), rule, *map(pad, rows)])


def write_between(path, name, text):
    """Replaces what stands between the markers of `name` in the file at `path`."""
    with open(path, encoding='utf-8') as file:
        document = file.read()
    start, end = f'<!-- {name} -->', f'<!-- /{name} -->'
    if document.count(start) != 1 or document.count(end) != 1 or document.index(start) > document.index(end):
        raise MarkerError(f'{path} has not one {start} and one {end} after it')
    before, rest = document.split(start)
    with open(path + '.part', 'w', encoding='utf-8') as file:
        file.write(f'{before}{start}\n\n{text.strip()}\n\n{end}{rest.split(end)[1]}')
    os.replace(path + '.part', path)

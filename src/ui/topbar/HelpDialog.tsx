import { Dialog } from '@base-ui/react/dialog';
import { softwareText } from '../../domain/version.ts';
import common from '../common/common.module.css';
import style from './topbar.module.css';

interface Props {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const SHORTCUTS = [
  ['F', 'fit the selected spectrum'],
  ['P', 'pause the fits, or go on'],
  ['S', 'all stars in one table, or the plots of one'],
  ['L', 'copy a link to what is on show'],
  ['Esc', 'cancel the fit of the selected spectrum'],
  ['↑ ↓', 'select another spectrum'],
  ['G B U', 'call the selected star good, bad or unsure; once more takes it back'],
  ['T', 'change the theme'],
  ['Ctrl Z', 'undo: a removed spectrum, a cancelled fit, a mask, a known label, a note, a moved slider'],
  ['?', 'this help'],
] as const;

/** How to read the page, and its keys. */
export function HelpDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={style.backdrop} />
        <Dialog.Popup className={style.dialog}>
          <Dialog.Title>Maury</Dialog.Title>
          <Dialog.Description>
            Fits one low-resolution stellar spectrum for stellar parameters and abundances, in this browser. Your spectra never leave it.
          </Dialog.Description>
          <h3>Keys</h3>
          <dl className={style.keys}>
            {SHORTCUTS.map(([key, what]) => (
              <Line key={key} name={key} what={what} />
            ))}
          </dl>
          <h3>Figures</h3>
          <p>
            Drag along a spectrum to zoom, turn the wheel to zoom about the pointer, double click for the whole range. Flux, residuals and
            derivative share their wavelengths, always in vacuum. Grey bands are pixels the fit leaves out. To leave out a stretch yourself,
            press Mask and drag, or drag with Shift held; under Fit, Masks lists them and takes typed ones.
          </p>
          <p>
            The pointer over a spectrum tells which lines absorb there in a star of this kind, each with its share of the depth at R = 1800;
            peaks of the derivative are named by lines of the label’s element, and “name all” writes names over the spectrum, the strongest
            first. The names come from syntheses of five typical stars; wavelengths are in vacuum, at rest. A list of your own, text with
            wavelengths and names, is drawn over the spectrum when you drop it or open it by “own lines…”; it stays until you close the
            browser.
          </p>
          <h3>Labels</h3>
          <p>
            Move a slider and the model is drawn again over the data, its continuum solved for each time. Double click a slider to reset it.
            Under Fit, Known labels takes what you know already: a value with its σ, or one that is held. Click an element in the table or
            the plot to see its derivative spectrum.
          </p>
          <h3>Without a network</h3>
          <p>After the first visit the page opens and fits without one, with the model that was in use.</p>
          <h3>Files that say too little</h3>
          <p>
            Under Fit, Reading says how the file was understood: air or vacuum, frame, resolving power. What you say there instead holds for
            this spectrum, and the fit is to be made again.
          </p>
          <h3>Sessions</h3>
          <p>
            Export, Save session writes all that is on the page as one file. Dropped here or on another machine, it adds its spectra with
            their fits to what is open.
          </p>
          <h3>Links</h3>
          <p>
            Copy link, under Export, makes an address that shows the same view elsewhere: star, model, sliders, wavelengths, element. It
            names the file and holds no spectrum: who opens it is asked for the file.
          </p>
          <h3>In the terminal</h3>
          <p>
            Copy as command, under Export and under How it was fitted, copies the line that repeats the fit on show in a terminal, to the
            digits that are shown.
          </p>
          <h3>Samples</h3>
          <p>
            Sample, beside the list, shows all stars in one table with their diagrams: sort by a column, look for a name or a verdict, go
            from one doubtful star to the next. Columns chooses the labels. A click selects the star everywhere. Your own verdict (good,
            bad, unsure) and a comment stay with the star and are exported with its results, as note and comment.
          </p>
          <h3>To learn</h3>
          <p>
            Learn, in the top bar, has four exercises of five minutes. Labels of known stars fill all sliders at once, and Freeze model
            keeps the curve of now in grey to compare with.
          </p>
          <h3>Abundances</h3>
          <p>
            Logarithmic, relative to the Sun of Asplund, Grevesse, Sauval &amp; Scott (2009). Raw values come from the fit; calibrated ones
            are corrected with reference stars and the Sun. A label marked prior-dominated is not measured.
          </p>
          <p>{softwareText()}, MIT licence.</p>
          <Dialog.Close className={common.button}>Close</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Line({ name, what }: { readonly name: string; readonly what: string }) {
  return (
    <>
      <dt>
        <kbd className={style.key}>{name}</kbd>
      </dt>
      <dd>{what}</dd>
    </>
  );
}

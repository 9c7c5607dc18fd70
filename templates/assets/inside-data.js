/* What happened inside the network at one record, from the files that a site has for it (sitegen/web/export/inside.py).
   Nothing is loaded before it is asked for, and nothing twice.

   sitegen.insideData(root, name, layer) promises one layer at the record whose files have that name; `root` is the
   address of the site's own folder, relative to the page. Layers count from 1, as in file names; without one it is the top
   layer. Where the browser cannot read the files, or they lack, the promise fails.

     { network, layer, top, full, title: FIELD, abstract: FIELD }
     network     window.sitegen.network: the same for all records
     full        { bands, units }: the evidence from which on a colour is full; of the top layer
     FIELD       { name, units, count, states, known, steps() }, of the top layer also
                 { slopes, blocks, parts, words, error, evidence() }

     units       K·H, forward units first: unit number n of direction d is row d·H + n of all that follows
     count       the words that the model knows, or 1 where it knows none: then there is one state, of an empty text
     states      Int8Array, row after row, `count` numbers each: a state after each known word, in steps of 1/127
     known       the places of these words among the tokens; none where no word is known
     slopes      of each unit: how much the answer's log-odds grow with its state
     blocks      by direction: { order, bands, explained, voices }, numbers of units (see sitegen/analysis/network)
     parts       each unit's part of the answer      words     by token: what all units wrote there
     error       the most that one number of evidence() is off
     steps()     rows like states: how far each state moved at each word, -2 to 2, in the order in which its unit reads
     evidence()  rows like states: what each unit wrote at each word, slope times step, in log-odds
                 (sitegen/analysis/network/written.py)

   sitegen.unitOf(network, field, layer, row) names a unit as the pages do (sitegen/web/text/units.py):
     { name: "A2→17", words: "unit 17 of layer 2, which reads the abstract forward", file: "abstract-2-forward-17",
       direction: 0, number: 17 }

   Needs page.js and decode.js before it. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const STEPS = 127; // of a state from 0 to 1

  /* The states, of their differences from word to word, in place: an Int8Array counts modulo 256 by itself. */
  function summed(steps, units) {
    const count = steps.length / units;
    for (let unit = 0; unit < units; unit += 1)
      for (let k = unit * count + 1; k < (unit + 1) * count; k += 1) steps[k] += steps[k - 1];
    return steps;
  }

  function once(make) {
    let made = null;
    return () => (made = made || make());
  }

  /* How far each state moved at each word. lastStep: the backward units have read the last word alone. */
  function moved(states, { units, count, directions, lastStep }) {
    const steps = new Float64Array(states.length);
    for (let unit = 0; unit < units; unit += 1) {
      const first = unit * count;
      const last = first + count - 1;
      const forward = unit < units / directions;
      for (let k = first; k <= last; k += 1) {
        if (forward) steps[k] = states[k] - (k > first ? states[k - 1] : 0);
        else if (lastStep) steps[k] = k === last ? states[k] : 0;
        else steps[k] = states[k] - (k < last ? states[k + 1] : 0);
        steps[k] /= STEPS;
      }
    }
    return steps;
  }

  async function read(name, part, network, top) {
    const { directions, hidden } = network;
    const units = directions * hidden;
    const states = summed(new Int8Array(await sitegen.decode.inflate(part.states)), units);
    const count = states.length / units;
    const lastStep = top && network.last_step;
    const field = { name, units, count, states, known: part.known };
    field.steps = once(() => moved(states, { units, count, directions, lastStep }));
    if (!top) return field;
    const slopes = sitegen.decode.f32(network.fields[name].slopes);
    return Object.assign(field, {
      slopes,
      blocks: network.fields[name].blocks,
      parts: sitegen.decode.f32(part.units),
      words: sitegen.decode.f32(part.words),
      error: part.error,
      evidence: once(() => field.steps().map((step, k) => slopes[Math.floor(k / count)] * step)),
    });
  }

  sitegen.insideData = async function (root, name, layer) {
    if (!window.DecompressionStream) throw new Error("this browser has no DecompressionStream");
    await sitegen.load(`${root}assets/network.js`);
    const { network } = sitegen;
    const number = layer || network.layers;
    const top = number === network.layers;
    const file = encodeURIComponent(top ? name : `${name}-layer-${number}`);
    await sitegen.load(`${root}records/inside/${file}.js`);
    const parts = sitegen.inside[`${name}/${number}`];
    const [title, abstract] = await Promise.all(
      ["title", "abstract"].map((field) => read(field, parts[field], network, top)),
    );
    return { network, layer: number, top, full: parts.full, title, abstract };
  };

  sitegen.unitOf = function (network, field, layer, row) {
    const direction = row < network.hidden ? 0 : 1;
    const number = row - direction * network.hidden;
    const [word, arrow] = [network.names[direction], network.arrows[direction]];
    return {
      name: `${field[0].toUpperCase()}${layer}${arrow}${number}`,
      words: `unit ${number} of layer ${layer}, which reads the ${field} ${word}`,
      file: `${field}-${layer}-${word}-${number}`,
      direction,
      number,
    };
  };
})();

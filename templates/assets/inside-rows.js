/* The rows of the picture of what units wrote (inside.js): bands of units, or the units themselves.

   sitegen.insideRows(field, { all, opened, order }) gives the rows of a field of the top layer (inside-data.js) from top
   to bottom:
     all        every unit has a row, else bands have them
     opened     a Set of bands' keys: those whose units stand below them
     order      "alike": neighbours write alike; "size": those with the largest part of the answer first
   A row is { key, kind: "band" or "unit", direction, number, units, cells, part, within }
     key        names it among the rows of the field
     number     of a band from 0 in its direction, of a unit its number
     units      the rows of the field's arrays that it stands for
     cells      what it wrote, by known word; part: its part of the answer; both in log-odds
     within     whether it stands below its band

   sitegen.layerRows(field, orders) gives the rows of a layer below, a unit each, in the order given by direction; cells
   are how far the unit's state moved. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  function sums(values, count, units) {
    const total = new Float64Array(count);
    for (const unit of units) for (let k = 0; k < count; k += 1) total[k] += values[unit * count + k];
    return total;
  }

  const sum = (values) => values.reduce((total, value) => total + value, 0);

  sitegen.insideRows = function (field, { all, opened, order }) {
    const { blocks, count, parts, units } = field;
    const evidence = field.evidence();
    const hidden = units / blocks.length;

    function sorted(rows) {
      return order === "size" ? [...rows].sort((one, other) => Math.abs(other.part) - Math.abs(one.part)) : rows;
    }

    function unit(direction, number, within) {
      const row = direction * hidden + number;
      const cells = evidence.subarray(row * count, (row + 1) * count);
      return { key: `unit ${row}`, kind: "unit", direction, number, units: [row], cells, part: parts[row], within };
    }

    function band(direction, number) {
      const rows = blocks[direction].bands[number].map((one) => direction * hidden + one);
      const part = sum(rows.map((row) => parts[row]));
      const cells = sums(evidence, count, rows);
      return { key: `band ${direction} ${number}`, kind: "band", direction, number, units: rows, cells, part, within: false };
    }

    return blocks.flatMap((block, direction) => {
      if (all) return sorted(block.order.map((number) => unit(direction, number, false)));
      return sorted(block.bands.map((_, number) => band(direction, number))).flatMap((row) => {
        if (!opened.has(row.key)) return [row];
        return [row, ...sorted(block.bands[row.number].map((number) => unit(direction, number, true)))];
      });
    });
  };

  sitegen.layerRows = function (field, orders) {
    const { count, units } = field;
    const steps = field.steps();
    const hidden = units / orders.length;
    return orders.flatMap((order, direction) =>
      order.map((number) => {
        const row = direction * hidden + number;
        const cells = steps.subarray(row * count, (row + 1) * count);
        return { key: `unit ${row}`, kind: "unit", direction, number, units: [row], cells, part: 0, within: false };
      }),
    );
  };
})();

/* Numbers as readers see them, written as the pages themselves write them: by the rules of sitegen/web/text/numbers.py,
   whose constants are in constants.js (sitegen.constants).

   sitegen.numbers.probability(m)     of a margin, in log-odds
   sitegen.numbers.percent(p)         a probability:                          "53%", "99.4%", "over 99.9%"
   sitegen.numbers.cell(p)            the same in a cell of the heatmap:      "53", "99.4", ">99.9"
   sitegen.numbers.points(change)     a change of it in percentage points:    "+12.3", "−0.4", "0.0"
   sitegen.numbers.logOdds(effect)    an effect on the margin:                "+1.23", "−0.05", "0.00"
   sitegen.numbers.signed(value, digits)  the same with so many digits
   sitegen.numbers.strength(change)   how strongly a sentence is coloured that changes the probability so much, 0 to 1;
                                      0 where that is too small for a colour
   sitegen.numbers.wordStrength(effect)  the same of a word, by its effect in log-odds */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const rules = sitegen.constants;

  /* The size of a value with so many digits. Of two numbers that are equally near Python takes the even one, toFixed
     the larger. Only a multiple of 1/2^(digits + 1) can lie in the middle, and of such the products here are exact. */
  function fixed(value, digits) {
    const size = Math.abs(value);
    const scaled = size * 10 ** digits;
    const tie = Number.isInteger(size * 2 ** (digits + 1)) && scaled % 1 === 0.5;
    if (!tie) return size.toFixed(digits);
    const low = Math.floor(scaled);
    return ((low + (low % 2)) / 10 ** digits).toFixed(digits);
  }

  function signed(value, digits) {
    if (Number.isNaN(value)) return rules.unknown;
    const text = fixed(value, digits);
    if (!/[1-9]/.test(text)) return text;
    return (value > 0 ? "+" : rules.minus) + text;
  }

  function percent(p) {
    if (Number.isNaN(p)) return rules.unknown;
    if (p >= rules.surely) return rules.surelyText;
    if (p < rules.hardly) return rules.hardlyText;
    const value = 100 * p;
    return `${fixed(value, value >= rules.tenthsFrom || value < rules.tenthsBelow ? 1 : 0)}%`;
  }

  sitegen.numbers = {
    probability: (margin) => 1 / (1 + Math.exp(-margin)),
    percent,
    cell: (p) => percent(p).replace("%", "").replace("over ", ">").replace("under ", "<"),
    points: (change) => signed(100 * change, rules.pointsDigits),
    logOdds: (effect) => signed(effect, rules.logOddsDigits),
    signed,
    strength: (change) => (!(Math.abs(change) >= rules.quiet) ? 0 : Math.min(1, Math.abs(change) / rules.full)),
    wordStrength: (effect) => (!(Math.abs(effect) >= rules.quietWord) ? 0 : Math.tanh(Math.abs(effect) / 2)),
  };
})();

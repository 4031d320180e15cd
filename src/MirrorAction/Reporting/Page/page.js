(function () {
  'use strict';
  var table = document.getElementById('table');
  if (!table) return;
  var body = table.tBodies[0];
  var rows = Array.from(body.rows);
  var texts = new Map(rows.map(function (row) { return [row, row.textContent.toLowerCase()]; }));
  var filter = document.getElementById('filter');
  var state = document.getElementById('state');
  var count = document.getElementById('count');
  var collator = new Intl.Collator('en', { numeric: true });

  function show() {
    var word = filter.value.trim().toLowerCase();
    var shown = 0;
    rows.forEach(function (row) {
      row.hidden = !texts.get(row).includes(word) || (state.value !== '' && row.className !== state.value);
      shown += row.hidden ? 0 : 1;
    });
    count.textContent = shown + ' of ' + rows.length + ' shown';
  }

  function key(row, column) {
    var cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
  }

  function compare(a, b) {
    return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(a, b);
  }

  function sort(head, column) {
    var sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
    Array.from(head.parentNode.cells).forEach(function (other) { other.removeAttribute('aria-sort'); });
    head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
    rows.sort(function (a, b) { return sign * compare(key(a, column), key(b, column)); });
    body.append.apply(body, rows);
  }

  Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    button.addEventListener('click', function () { sort(head, column); });
    head.replaceChildren(button);
  });
  filter.addEventListener('input', show);
  state.addEventListener('change', show);
  document.getElementById('tools').hidden = false;
  show();
})();

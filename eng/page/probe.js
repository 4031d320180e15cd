
(function () {
  'use strict';
  var rows = function () { return Array.from(document.querySelectorAll('#table tbody tr')); };
  var shown = function () { return rows().filter(function (row) { return row.offsetParent !== null || getComputedStyle(row).display !== 'none'; }).length; };
  var say = [];
  var filter = document.getElementById('filter');
  var state = document.getElementById('state');
  say.push('rows ' + shown());
  say.push('tools ' + (document.getElementById('tools').hidden ? 'hidden' : 'shown'));
  filter.value = 'WEBSITE';
  filter.dispatchEvent(new Event('input'));
  say.push('filtered ' + shown());
  filter.value = '';
  filter.dispatchEvent(new Event('input'));
  state.value = 'bad';
  state.dispatchEvent(new Event('change'));
  say.push('bad ' + shown());
  state.value = '';
  state.dispatchEvent(new Event('change'));
  say.push('all again ' + shown());
  var bytes = document.querySelectorAll('#table th')[4];
  bytes.querySelector('button').click();
  bytes.querySelector('button').click();
  say.push('sorted by bytes ' + bytes.getAttribute('aria-sort') + ' ' + rows()[0].cells[0].textContent.split('/')[1]);
  say.push('loaded ' + performance.getEntriesByType('resource').length);
  say.push('markup ' + (document.querySelector('#table b') ? 'runs' : 'text'));
  document.title = 'probe: ' + say.join(', ');
})();

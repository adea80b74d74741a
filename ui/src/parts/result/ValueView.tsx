import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';

import { useWords } from '../../words/words';
import { ServerText } from '../ServerText';
import { JsonText } from './JsonText';
import { tableOf, type Table } from './table';

const MOST_ROWS = 200;

/** A value: as a table where it is one, and as JSON. */
export function ValueView({ value }: { readonly value: unknown }) {
  const words = useWords();
  const table = tableOf(value);
  if (!table) return <JsonText value={value} />;
  return (
    <Tabs>
      <TabList className="tabs tabs-small" aria-label={words.say('tool-result')}>
        <Tab id="table" className="tab">{words.say('result-table')}</Tab>
        <Tab id="json" className="tab">{words.say('result-json')}</Tab>
      </TabList>
      <TabPanel id="table"><TableView table={table} /></TabPanel>
      <TabPanel id="json"><JsonText value={value} /></TabPanel>
    </Tabs>
  );
}

function TableView({ table }: { readonly table: Table }) {
  const words = useWords();
  const hidden = table.rows.length - MOST_ROWS;
  return (
    <>
      <div className="table-frame" tabIndex={0} role="region" aria-label={words.say('result-table')}>
        <table>
          <thead><tr>{table.columns.map((column) => <th key={column} scope="col"><ServerText text={column} /></th>)}</tr></thead>
          <tbody>
            {table.rows.slice(0, MOST_ROWS).map((row, at) => (
              <tr key={at}>{table.columns.map((column) => <td key={column}><ServerText text={row[column] === undefined || row[column] === null ? '' : String(row[column])} /></td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 ? <p className="hint">{words.say('result-more-rows', { count: hidden })}</p> : null}
    </>
  );
}

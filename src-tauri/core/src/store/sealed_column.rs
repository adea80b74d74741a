//! A column of sealed cells as its owner describes it, so that its cells can be sealed anew by who does not know its rows.

use super::Cell;

/// Where sealed cells stand, and what each of them is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// Name of the table.
    pub table: &'static str,
    /// Name of the table that the cells are bound to: its own, unless they were moved as they are.
    pub bound_to: &'static str,
    /// The row that a cell is bound to, as an SQL expression over its columns.
    pub row: &'static str,
    /// Name of the column.
    pub column: &'static str,
}

impl SealedColumn {
    /// Gives the cell of a row.
    pub const fn cell(self, row: &str) -> Cell<'_> {
        Cell {
            table: self.bound_to,
            row,
            column: self.column,
        }
    }
}

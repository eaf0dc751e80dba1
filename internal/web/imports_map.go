package web

import (
	"github.com/shuqiao/shuqiao/internal/sheet"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func toImport(x sheet.Import) wire.Import {
	return wire.Import{ID: x.ID, Name: x.Name, Size: x.Size, SHA256: x.SHA256, Format: string(x.Format), State: string(x.State), Mode: string(x.Mode),
		RowsDone: x.RowsDone, RowsTotal: x.RowsTotal, Counts: wire.ImportCounts(x.Counts), Notes: strs(x.Notes), Digest: x.Digest, Failure: x.Failure,
		Message: x.Message, Errors: x.Errors, CreatedAt: x.CreatedAt.UTC(), EndedAt: utcp(x.EndedAt),
		Sheets: each(x.Mapping.Sheets, func(s sheet.SheetMap) wire.ImportSheet {
			return wire.ImportSheet{Sheet: s.Sheet, Content: string(s.Content), Heading: s.Heading, Columns: each(s.Columns, func(c sheet.ColumnMap) wire.ImportColumn {
				return wire.ImportColumn(c)
			})}
		})}
}

func toImportRow(x sheet.Planned) wire.ImportRow {
	return wire.ImportRow{Seq: x.Seq, Sheet: x.Sheet, Line: x.Line, Outcome: string(x.Outcome), Done: x.Done, Resource: x.Resource, Code: x.Code, Name: x.Name,
		Items: x.Items, Fields: strs(x.Fields), Hints: strs(x.Hints),
		Changes: each(x.Changes, func(c sheet.ItemChange) wire.ImportItemChange {
			return wire.ImportItemChange{Kind: c.Kind, Code: c.Code, Name: c.Name, Fields: strs(c.Fields)}
		}),
		Reasons: each(x.Reasons, func(r sheet.Reason) wire.ImportReason { return wire.ImportReason(r) })}
}

package table

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// archive is a zip archive of which no more is unpacked than the limits allow,
// whatever it declares.
type archive struct {
	files  map[string]*zip.File
	limits Limits
}

func openZip(r io.ReaderAt, size int64, l Limits) (*Book, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, broken(err)
	}
	if len(z.File) > l.Parts {
		return nil, tooLarge("压缩包内的文件超过%d个", l.Parts)
	}
	a := archive{files: map[string]*zip.File{}, limits: l}
	var total uint64
	var tables []csvFile
	for _, f := range z.File {
		if total += f.UncompressedSize64; total > uint64(l.Unzipped) || f.UncompressedSize64 > uint64(l.Unzipped) {
			return nil, tooLarge("文件解压后超过%d MB", l.Unzipped>>20)
		}
		if f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/max(f.CompressedSize64, 1) > uint64(l.Ratio) {
			return nil, tooLarge("文件的压缩比异常（超过%d倍），疑似压缩炸弹，已拒绝", l.Ratio)
		}
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		a.files[name] = f
		if strings.HasSuffix(name, ".csv") && !strings.HasPrefix(path.Base(name), ".") {
			tables = append(tables, csvFile{name: strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name)), open: func() (io.ReadCloser, error) { return a.open(f) }})
		}
	}
	if a.files["[content_types].xml"] != nil {
		return openXLSX(a)
	}
	if len(tables) == 0 {
		return nil, fault.New(fault.Invalid, "file_kind", "压缩包内没有 .csv 文件；可导入 .xlsx、.csv，或者由平台导出的 CSV 压缩包")
	}
	return openCSV(tables, CSVZip, l)
}

// open unpacks a part, up to what the limits allow.
func (a archive) open(f *zip.File) (io.ReadCloser, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, broken(err)
	}
	most := a.limits.Unzipped
	if packed := int64(f.CompressedSize64); packed > 0 && packed < a.limits.Unzipped/a.limits.Ratio {
		most = max(ratioFrom, packed*a.limits.Ratio)
	}
	return &boundedPart{rc: rc, left: most}, nil
}

// part opens a part by its name; none is nil.
func (a archive) part(name string) (io.ReadCloser, error) {
	f := a.files[strings.ToLower(strings.TrimPrefix(path.Clean(name), "/"))]
	if f == nil {
		return nil, nil
	}
	return a.open(f)
}

type boundedPart struct {
	rc   io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (b *boundedPart) Read(p []byte) (int, error) {
	n, err := b.rc.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, tooLarge("文件解压后的大小异常，疑似压缩炸弹，已拒绝")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = broken(err)
	}
	return n, err
}

// Close implements io.Closer.
func (b *boundedPart) Close() error { return b.rc.Close() }

package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/shuqiao/shuqiao/console"
	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/demo"
)

// node starts the demo node on a free port and gives its address and the demo
// accounts' password.
func node(t *testing.T) (base, password string) {
	t.Helper()
	if _, err := fs.Stat(console.Files(), "index.html"); err != nil {
		t.Skip("the console was not built: run `make console`")
	}
	dir := t.TempDir()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	r, w := io.Pipe()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		err := demo.Run(ctx, demo.Options{Out: w, Config: app.Config{Dir: dir, Addr: "127.0.0.1:0", Version: "test",
			Console: console.Files(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}})
		w.CloseWithError(err)
		done <- err
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) == 2 && fields[0] == "控制台与接口" {
			base = fields[1]
		}
		if strings.HasPrefix(lines.Text(), "按Ctrl-C") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, r) }()
	if base == "" {
		t.Fatalf("the demo did not announce its address: %v", lines.Err())
	}
	secret, err := os.ReadFile(filepath.Join(dir, "demo-password"))
	if err != nil {
		t.Fatal(err)
	}
	return base, strings.TrimSpace(string(secret))
}

// chromium finds Debian's browser.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium on this machine")
	return ""
}

// step is one thing a person does in the browser.
type step = chromedp.Action[chromedp.Void]

// person is somebody at a browser of their own.
type person struct {
	t    *testing.T
	ctx  context.Context
	base string
}

// signedIn opens a fresh browser and signs somebody in.
func signedIn(t *testing.T, base, username, password string) *person {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WindowSize(1280, 1000), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(alloc)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(func() { cancel(); stop(); stopAlloc() })
	p := &person{t: t, ctx: ctx, base: base}
	if err := chromedp.Do(ctx); err != nil { // starts the browser, which lives as long as this context
		t.Fatal(err)
	}
	p.do("sign in as "+username,
		chromedp.Navigate(base+"/"),
		chromedp.WaitVisible(chromedp.CSS("#username")),
		chromedp.SendKeys(chromedp.CSS("#username"), username),
		chromedp.SendKeys(chromedp.CSS("#password"), password+"\r"),
		visible("退出"))
	return p
}

// do runs actions; when they fail it keeps a picture of the page.
func (p *person) do(what string, actions ...step) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 40*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		file := filepath.Join(os.TempDir(), "shuqiao-browser-"+p.t.Name()+".png")
		if shot, shotErr := chromedp.Run(p.ctx, chromedp.FullScreenshot(100)); shotErr == nil {
			_ = os.WriteFile(file, shot, 0o600)
		}
		p.t.Fatalf("%s: %v (picture, if any: %s)", what, err, file)
	}
}

// byText finds the smallest element that holds a text.
func byText(text string) string {
	return `//*[not(self::script) and not(self::style) and contains(normalize-space(.), "` + text + `") and not(*[contains(normalize-space(.), "` + text + `")])]`
}

func visible(text string) step {
	return chromedp.WaitVisible(byText(text))
}

// click clicks the smallest element that holds a text.
func click(text string) step { return press(byText(text)) }

// button presses a button by its whole text; Ant Design puts a space between
// two Chinese characters.
func button(text string) step {
	return press(`//button[not(@disabled) and translate(normalize-space(.), " ", "") = "` + text + `"]`)
}

// press clicks an element once it is visible, wherever it is by then: dialogs
// slide in, and a click at the place where the button was hits nothing.
func press(xpath string) step {
	quoted, err := json.Marshal(xpath)
	if err != nil {
		panic(err)
	}
	return chromedp.Steps(chromedp.WaitVisible(xpath), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(() => {
			const found = document.evaluate(`+string(quoted)+`, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
			for (let i = 0; i < found.snapshotLength; i++) {
				const e = found.snapshotItem(i);
				if (e.offsetParent !== null) { e.click(); return true; }
			}
			return false;
		})()`))
		return err
	}))
}

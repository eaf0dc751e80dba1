package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/search"
	"github.com/shuqiao/shuqiao/internal/web"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// signedIn takes a department's ID for a session token: sessions are measured
// elsewhere.
type signedIn struct{ web.Access }

// Authenticate implements web.Access.
func (signedIn) Authenticate(_ context.Context, token string) (org.Principal, error) {
	return org.Principal{Department: org.Department{ID: token}, Person: org.Person{ID: token}}, nil
}

// searching is the index behind the API.
type searching struct{ *search.Index }

// Search implements web.Search.
func (s searching) Search(ctx context.Context, p org.Principal, q search.Query) (*search.Result, error) {
	q.Reader = search.Reader{Department: p.Department.ID}
	return s.Index.Search(ctx, q)
}

// client asks the node's API over a socket, as a console does.
type client struct {
	base string
	http http.Client
}

// serve serves the API for the index until stop is called.
func serve(x *search.Index, users int) (c *client, stop func(), err error) {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: web.New(web.Deps{Access: signedIn{}, Search: searching{x}, Clock: clock.System{}})}
	go func() { _ = server.Serve(socket) }()
	c = &client{base: "http://" + socket.Addr().String() + "/api/v1/catalog/search?",
		http: http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * users, DisableCompression: true}}}
	return c, func() { server.Close() }, nil
}

// ask sends a query and gives the raw answer.
func (c *client) ask(ctx context.Context, q search.Query) ([]byte, error) {
	v := url.Values{"q": {q.Text}, "provider": q.Filters.Providers}
	if q.Filters.Region != "" {
		v.Set("region", q.Filters.Region)
	}
	if q.Filters.Class != "" {
		v.Set("class", q.Filters.Class)
	}
	for name, values := range q.Filters.Values {
		v[string(name)] = values
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+v.Encode(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+q.Reader.Department)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d %s", v.Encode(), resp.StatusCode, body)
	}
	return body, err
}

// finds tells whether a code leads to the resource.
func (c *client) finds(ctx context.Context, q search.Query, resource string) (bool, error) {
	body, err := c.ask(ctx, q)
	if err != nil {
		return false, err
	}
	var r wire.SearchResult
	if err := json.Unmarshal(body, &r); err != nil {
		return false, err
	}
	return len(r.Hits) > 0 && r.Hits[0].Resource == resource, nil
}

using System.Net;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Hub;

/// <summary>
/// Requests to the Hub. The token goes to the endpoint's own host and port and nowhere else; redirects are followed one by one for that
/// reason. What may pass is tried again, at growing intervals and a bounded number of times.
/// </summary>
internal sealed class HubClient : IDisposable
{
    /// <summary>Times that a request is sent before it is given up.</summary>
    public const int Tries = 5;

    private const int MostRedirects = 8;

    private readonly HubEnvironment _environment;
    private readonly HttpClient _http;
    private readonly List<string> _notes = [];

    /// <summary>Opens a client; proxies are those of the environment.</summary>
    public HubClient(HubEnvironment environment)
    {
        _environment = environment;
        // The client owns its handler.
#pragma warning disable CA2000
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                MaxResponseHeadersLength = 256,
            },
            disposeHandler: true
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = 256 << 20,
        };
#pragma warning restore CA2000
        _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "taalas-sim");
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "identity");
    }

    /// <summary>What the user should know, one line each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Address of a path below the endpoint; its parts are quoted already.</summary>
    public Uri At(string path) => new($"{_environment.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>Gets a document, and the address of the next page when there is one.</summary>
    /// <param name="address">Address at the endpoint.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="repository">Repository, for messages.</param>
    /// <param name="tries">Times that it is asked for.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">The Hub refuses.</exception>
    /// <exception cref="HubUnreachableException">It does not answer as it should.</exception>
    public async Task<(byte[] Body, string? NextPage)> GetAsync(
        Uri address,
        string what,
        string repository,
        int tries,
        CancellationToken cancel
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            Exception fault;
            TimeSpan? wait = null;
            try
            {
                using var answer = await SendAsync(address, 0, what, cancel).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode)
                {
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                    limit.CancelAfter(_environment.Silence);
                    return (await answer.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false), HubAnswer.NextPage(answer));
                }

                wait = HubAnswer.WaitAsked(answer);
                fault = HubAnswer.Fault(answer, what, repository, _environment);
                if (!HubAnswer.IsTransient(answer.StatusCode))
                    throw fault;
            }
            catch (Exception broken) when (IsBroken(broken, cancel))
            {
                fault = Unreachable(what, broken);
            }

            if (attempt >= tries)
                throw fault;
            await WaitAsync(attempt, wait, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a request for content from some byte on and follows redirects.</summary>
    /// <returns>The last answer; the caller closes it.</returns>
    public async Task<HttpResponseMessage> SendAsync(Uri address, long from, string what, CancellationToken cancel)
    {
        RefuseOffline(what);
        HttpResponseMessage? first = null;
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (_environment.Token is { } token && IsOwn(address))
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            if (from > 0)
                request.Headers.TryAddWithoutValidation("Range", $"bytes={from}-");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(_environment.Silence);
            var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location)
            {
                Carry(first, answer);
                return answer;
            }

            var next = location.IsAbsoluteUri ? location : new Uri(address, location);
            if (next.Scheme is not ("http" or "https") || (address.Scheme == "https" && next.Scheme != "https"))
            {
                answer.Dispose();
                throw new HubUnreachableException($"{what}: the Hub sent the request on to an address that is not read ({next.Scheme})");
            }

            if (IsOwn(address) && IsOwn(next) && (int)answer.StatusCode is 301 or 307 or 308)
                Note($"{what} has moved; the Hub sends it on to {GgufFaults.Quote(Uri.UnescapeDataString(next.AbsolutePath))}");
            // Commit and digest stand in the Hub's own answer, not in that of the storage behind it.
            if (HubAnswer.Text(answer, "X-Repo-Commit") is not null)
                (first, answer) = (answer, first!);
            answer?.Dispose();
            address = next;
        }

        first?.Dispose();
        throw new HubUnreachableException($"{what}: the Hub sent the request on more than {MostRedirects} times");
    }

    /// <summary>Whether a fault is of the connection, so that trying again may help.</summary>
    public static bool IsBroken(Exception fault, CancellationToken cancel) =>
        !cancel.IsCancellationRequested
        && fault
            is HttpRequestException
                or HttpIOException
                or IOException { HResult: not (28 or -2147024784) }
                or OperationCanceledException;

    /// <summary>Waits before the next try.</summary>
    public Task WaitAsync(int attempt, TimeSpan? asked, CancellationToken cancel) =>
        Task.Delay(asked ?? _environment.FirstWait * Math.Pow(2, attempt - 1), cancel);

    /// <summary>Refuses where the network is forbidden.</summary>
    /// <exception cref="InputException">It is.</exception>
    public void RefuseOffline(string what)
    {
        if (_environment.OfflineBy is { } variable)
            throw new InputException($"{what}: not in local cache, and offline mode is on ({variable}); unset {variable} to fetch it");
    }

    /// <summary>The fault of a connection.</summary>
    public HubUnreachableException Unreachable(string what, Exception fault) =>
        new(
            $"{what}: {_environment.Endpoint.Authority} cannot be reached "
                + $"({(fault is OperationCanceledException ? "no answer in time" : fault.Message.ReplaceLineEndings(" "))})",
            fault
        );

    /// <summary>Notes something once.</summary>
    public void Note(string text)
    {
        lock (_notes)
            if (!_notes.Contains(text))
                _notes.Add(text);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private bool IsOwn(Uri address) =>
        address.Scheme == _environment.Endpoint.Scheme
        && address.Port == _environment.Endpoint.Port
        && address.Host.Equals(_environment.Endpoint.Host, StringComparison.OrdinalIgnoreCase);

    private static void Carry(HttpResponseMessage? first, HttpResponseMessage answer)
    {
        if (first is null)
            return;
        foreach (var header in (string[])["X-Repo-Commit", "X-Linked-ETag", "X-Linked-Size"])
        {
            answer.Headers.Remove(header);
            if (HubAnswer.Text(first, header) is { } value)
                answer.Headers.TryAddWithoutValidation(header, value);
        }

        first.Dispose();
    }
}

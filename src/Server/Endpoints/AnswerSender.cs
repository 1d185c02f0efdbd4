using System.Text;
using Microsoft.AspNetCore.Http;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode.Grammars;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Server.Answers;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;

namespace TaalasSim.Server.Endpoints;

/// <summary>Has answers made and sends them, whole or as a stream.</summary>
internal sealed class AnswerSender(ServedModel model, SlotScheduler slots, ServerOptions options)
{
    private const string SimulatedSeconds = "X-Simulated-Seconds";

    /// <summary>Answers every prompt, each as often as the settings ask.</summary>
    public async Task Send(HttpContext http, IReadOnlyList<int[]> prompts, CompletionSettings settings, AnswerFormat format)
    {
        foreach (var prompt in prompts)
            if (prompt.Length >= options.SlotContext)
                throw RequestException.TooLong(prompt.Length, options.SlotContext);
        // The token ends when the client leaves, whether it waits in the queue or reads a stream.
        using var left = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var requests = Requests(prompts, settings, left.Token);
        slots.Submit(requests);
        try
        {
            if (settings.Stream)
                await Stream(http, requests, settings, format).ConfigureAwait(false);
            else
                await Whole(http, requests, format).ConfigureAwait(false);
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
        }
    }

    private List<SlotRequest> Requests(IReadOnlyList<int[]> prompts, CompletionSettings settings, CancellationToken left)
    {
        var grammar = settings.Grammar.Length > 0 ? Parse(settings.Grammar) : null;
        var requests = new List<SlotRequest>();
        foreach (var prompt in prompts)
            for (var i = 0; i < settings.Completions; i++)
                requests.Add(
                    new SlotRequest
                    {
                        Index = requests.Count,
                        Prompt = prompt,
                        // Alternatives of one prompt draw from seeds of their own.
                        Settings =
                            i > 0 && settings.Sampler.Seed is { } seed
                                ? settings with
                                {
                                    Sampler = settings.Sampler with { Seed = unchecked(seed + (uint)i) },
                                }
                                : settings,
                        Grammar = grammar,
                        Left = left,
                    }
                );
        return requests;
    }

    private Grammar Parse(string source)
    {
        try
        {
            return Grammar.Parse(source, model.Tokenizer.FindToken);
        }
        catch (InputException e)
        {
            throw RequestException.Invalid($"Failed to parse grammar: {e.Message}");
        }
    }

    private static async Task Whole(HttpContext http, List<SlotRequest> requests, AnswerFormat format)
    {
        var answers = new List<Answer>();
        foreach (var request in requests)
        await foreach (var part in request.Parts.ReadAllAsync(http.RequestAborted).ConfigureAwait(false))
            switch (part)
            {
                case AnswerEnded ended:
                    answers.Add(ended.Answer);
                    break;
                case AnswerFailed failed:
                    throw FaultOf(failed.Fault);
            }
        if (answers.Count < requests.Count)
            throw RequestException.Unavailable("the server stopped before the answer was complete");
        var seconds = answers.Max(a => a.Timings.SimulatedFirstTokenSeconds + a.Timings.SimulatedDecodeSeconds);
        http.Response.Headers[SimulatedSeconds] = seconds.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        await Responder.Json(http, format.Whole(answers)).ConfigureAwait(false);
    }

    private static async Task Stream(HttpContext http, List<SlotRequest> requests, CompletionSettings settings, AnswerFormat format)
    {
        var response = http.Response;
        var ping = settings.PingSeconds > 0 ? TimeSpan.FromSeconds(settings.PingSeconds) : Timeout.InfiniteTimeSpan;
        var hasBegun = false;
        async Task Write(string text)
        {
            if (!hasBegun)
            {
                hasBegun = true;
                response.StatusCode = 200;
                response.ContentType = format.StreamType;
                response.Headers["X-Accel-Buffering"] = "no";
            }
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted).ConfigureAwait(false);
            await response.Body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        }

        var failed = false;
        await foreach (var (part, index) in Merged(requests, ping, http.RequestAborted).ConfigureAwait(false))
        {
            if (part is null)
            {
                await Write(":\n\n").ConfigureAwait(false);
                continue;
            }
            if (part is AnswerFailed fault)
            {
                if (!hasBegun)
                    throw FaultOf(fault.Fault);
                failed = true;
                foreach (var text in format.Failed(Responder.ErrorOf(FaultOf(fault.Fault))))
                    await Write(text).ConfigureAwait(false);
                continue;
            }
            foreach (var text in format.Part(part, index))
                await Write(text).ConfigureAwait(false);
        }
        if (failed)
            return;
        foreach (var text in format.Done())
            await Write(text).ConfigureAwait(false);
    }

    // Parts of all answers as they come; null after a silence.
    private static async IAsyncEnumerable<(AnswerPart? Part, int Index)> Merged(
        List<SlotRequest> requests,
        TimeSpan ping,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        var open = requests.ToDictionary(r => r, r => r.Parts.WaitToReadAsync(cancel).AsTask());
        while (open.Count > 0)
        {
            var any = Task.WhenAny(open.Values);
            if (!await Comes(any, ping, cancel).ConfigureAwait(false))
            {
                yield return (null, 0);
                continue;
            }
            foreach (var request in requests)
            {
                if (!open.TryGetValue(request, out var ready) || !ready.IsCompleted)
                    continue;
                if (!await ready.ConfigureAwait(false))
                {
                    open.Remove(request);
                    continue;
                }
                while (request.Parts.TryRead(out var part))
                    yield return (part, request.Index);
                open[request] = request.Parts.WaitToReadAsync(cancel).AsTask();
            }
        }
    }

    // False after a silence. The timer ends with the wait: timers that outlive each token by the length of a silence hold megabytes.
    private static async Task<bool> Comes(Task any, TimeSpan ping, CancellationToken cancel)
    {
        try
        {
            await any.WaitAsync(ping, cancel).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static RequestException FaultOf(Exception fault) =>
        fault switch
        {
            RequestException known => known,
            DriverException device => RequestException.Unavailable($"device: {device.Message}"),
            InputException input => RequestException.Invalid(input.Message),
            _ => throw new InvalidOperationException("the answer failed", fault),
        };
}

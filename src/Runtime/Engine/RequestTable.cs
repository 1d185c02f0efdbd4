using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Engine;

/// <summary>What the requests of a workload asked for, and the answers that they have got.</summary>
internal sealed class RequestTable
{
    private readonly Request[] _asked;
    private readonly int[] _answered;
    private readonly int[] _first;
    private readonly long[] _cycles;
    private readonly long[] _parts;

    /// <summary>Requests without an answer yet.</summary>
    /// <exception cref="InputException">A request is empty or out of range.</exception>
    public RequestTable(IReadOnlyList<Request> requests)
    {
        _asked = [.. requests];
        _answered = new int[_asked.Length];
        _first = new int[_asked.Length + 1];
        for (var i = 0; i < _asked.Length; i++)
        {
            var request = _asked[i];
            if (
                request.PromptTokens < 1
                || request.OutputTokens < 1
                || request.StartingContext < 0
                || request.ArrivalCycle < 0
                || (long)request.StartingContext + request.PromptTokens + request.OutputTokens > int.MaxValue
            )
                throw new InputException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"request {i}: {request.PromptTokens} prompt and {request.OutputTokens} answer tokens after "
                            + $"{request.StartingContext} positions, arriving at cycle {request.ArrivalCycle}; "
                            + $"prompt and answer need at least 1 token, context and cycle at least 0"
                    )
                );
            _first[i + 1] = checked(_first[i] + request.OutputTokens);
        }

        _cycles = new long[_first[^1]];
        _parts = new long[checked(_first[^1] * PathPart.Count)];
    }

    /// <summary>Requests.</summary>
    public int Count => _asked.Length;

    /// <summary>What a request asked for.</summary>
    public ref readonly Request this[int request] => ref _asked[request];

    /// <summary>Answer tokens that a request has got.</summary>
    public int Answered(int request) => _answered[request];

    /// <summary>Whether a request has all its answer tokens.</summary>
    public bool IsDone(int request) => _answered[request] == _asked[request].OutputTokens;

    /// <summary>Whether the token at a position brings an answer token, i.e. is the last of its prompt or comes after it.</summary>
    public bool IsAnswer(int request, int position)
    {
        ref readonly var asked = ref _asked[request];
        return position >= asked.StartingContext + asked.PromptTokens - 1;
    }

    /// <summary>Notes an answer token, the cycle at which it left the sampler and what its cycles went to.</summary>
    public void Answer(int request, long cycle, ReadOnlySpan<long> parts)
    {
        var index = _first[request] + _answered[request]++;
        _cycles[index] = cycle;
        parts.CopyTo(_parts.AsSpan(index * PathPart.Count));
    }

    /// <summary>The result of a run that has ended, without what other tables hold.</summary>
    public (int[] First, long[] Cycles, long[] Parts) Answers => (_first, _cycles, _parts);

    /// <summary>When each request was served.</summary>
    public IReadOnlyList<RequestTiming> Timings() =>
        [.. _asked.Select((r, i) => new RequestTiming(r.ArrivalCycle, _cycles[_first[i]], _cycles[_first[i + 1] - 1], r.OutputTokens))];
}

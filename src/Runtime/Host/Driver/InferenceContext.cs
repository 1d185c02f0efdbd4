using System.Buffers.Binary;
using System.Runtime.InteropServices;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>A session on the chip: one KV cache and one sampler, used through one channel. Sampling happens on the chip; the host sees
/// token ids.</summary>
public sealed class InferenceContext : IDisposable
{
    private readonly ICommandPath _path;
    private bool _isClosed;

    private InferenceContext(ICommandPath path, uint handle) => (_path, Handle) = (path, handle);

    /// <summary>The card's own number for the context.</summary>
    public uint Handle { get; }

    /// <summary>Tokens of the model's vocabulary: floats in a row of logits.</summary>
    public int Vocabulary => _path.Vocabulary;

    internal static InferenceContext Open(ICommandPath path, int maxTokens, in SamplerSettings sampler, ReadOnlySpan<int> stops)
    {
        var entry = new SubmissionEntry { Opcode = Opcode.ContextOpen, Arg0 = (uint)maxTokens };
        var bytes = SamplerBytes(sampler, stops);
        lock (path.Gate)
            return new InferenceContext(path, Call(path, entry, bytes, isInput: true, path.Execute, CancellationToken.None).Result);
    }

    /// <summary>
    /// Appends a prompt; returns the new length of the context. <paramref name="position"/> is its present length. The id that the last
    /// decode ended with is not part of the context yet: put it first when it should be.
    /// </summary>
    /// <exception cref="DriverException">0102 full, 0306 token outside the vocabulary, 0002 wrong position, 0006 cancelled, …</exception>
    public int Prefill(
        ReadOnlySpan<int> tokens,
        int position,
        bool allLogits = false,
        TimeSpan? timeout = null,
        CancellationToken cancel = default
    )
    {
        var entry = new SubmissionEntry
        {
            Opcode = Opcode.Prefill,
            Context = Handle,
            Arg0 = (uint)tokens.Length,
            Arg1 = (uint)position,
            Arg2 = allLogits ? 1u : 0,
        };
        lock (_path.Gate)
            return (int)Call(_path, entry, MemoryMarshal.AsBytes(tokens).ToArray(), isInput: true, timeout ?? _path.Execute, cancel).Aux;
    }

    /// <summary>Appends a prompt of a diffusion model, whose tokens see one another or, with <paramref name="causal"/>, those before them;
    /// returns the new length of the context. <paramref name="position"/> is its present length.</summary>
    /// <exception cref="DriverException">As for <see cref="Prefill"/>; 0001 when the model decodes token by token.</exception>
    public int PrefillBlock(
        ReadOnlySpan<int> tokens,
        int position,
        bool causal,
        TimeSpan? timeout = null,
        CancellationToken cancel = default
    )
    {
        var entry = new SubmissionEntry
        {
            Opcode = Opcode.PrefillBlock,
            Context = Handle,
            Arg0 = (uint)tokens.Length,
            Arg1 = (uint)position,
            Arg2 = causal ? 1u : 0,
        };
        var data = MemoryMarshal.AsBytes(tokens).ToArray();
        lock (_path.Gate)
            return (int)Call(_path, entry, data, isInput: true, timeout ?? _path.Execute, cancel).Aux;
    }

    /// <summary>Fills a block of masked positions behind the context on a diffusion model; the keys and values of the block before are
    /// written first.</summary>
    /// <param name="positions">Positions of the block.</param>
    /// <param name="threshold">A step reveals what reaches this confidence, and at least one position.</param>
    /// <param name="stopsEarly">Stop once a stop id is revealed and nothing before it is masked.</param>
    /// <param name="timeout">Simulated time that the block may take.</param>
    /// <param name="cancel">Ends the block at its next step.</param>
    /// <exception cref="DriverException">0102 full, 0307 a logit is NaN, 0001 the model decodes token by token, 0006 cancelled,
    /// …</exception>
    public DecodedBlock DecodeBlock(
        int positions,
        float threshold,
        bool stopsEarly,
        TimeSpan? timeout = null,
        CancellationToken cancel = default
    )
    {
        var bytes = new byte[positions * DecodedBlock.BytesPerPosition];
        var entry = new SubmissionEntry
        {
            Opcode = Opcode.DecodeBlock,
            Context = Handle,
            Arg0 = (uint)positions,
            Arg1 = BitConverter.SingleToUInt32Bits(threshold),
            Arg2 = stopsEarly ? 1u : 0,
        };
        lock (_path.Gate)
        {
            var answer = Call(_path, entry, bytes, isInput: false, timeout ?? _path.Execute, cancel);
            return DecodedBlock.Read(bytes, (int)answer.Result, _path.AnswerTimeNs);
        }
    }

    /// <summary>
    /// Decodes up to <paramref name="maxTokens"/> tokens, each handed out when it reaches the host; <paramref name="timeout"/> bounds the
    /// wait for each. Leaving the enumeration early, or cancelling, stops the chip at the next token.
    /// </summary>
    public IEnumerable<StreamedToken> DecodeStream(int maxTokens, TimeSpan? timeout = null, CancellationToken cancel = default)
    {
        var limit = timeout ?? _path.Execute;
        ushort cid;
        lock (_path.Gate)
        {
            ThrowIfClosed();
            var entry = new SubmissionEntry
            {
                Opcode = Opcode.Decode,
                Flags = CommandFlags.Stream,
                Context = Handle,
                Arg0 = (uint)maxTokens,
            };
            cid = _path.Send(entry, limit, cancel);
        }
        try
        {
            while (true)
            {
                CompletionEntry answer;
                long time;
                lock (_path.Gate)
                {
                    answer = _path.Receive(cid, limit, cancel);
                    time = _path.AnswerTimeNs;
                }
                if (answer.Code != StatusCode.Ok)
                    throw new DriverException(answer.Code, $"decode of context {Handle} ended at position {answer.Aux}");
                yield return new StreamedToken((int)answer.Result, (int)answer.Aux, time, !answer.StreamContinues);
                if (!answer.StreamContinues)
                    yield break;
            }
        }
        finally
        {
            lock (_path.Gate)
                _path.Abandon(cid);
        }
    }

    /// <summary>Replaces sampler and stop ids.</summary>
    public void SetSampler(in SamplerSettings sampler, ReadOnlySpan<int> stops = default)
    {
        var bytes = SamplerBytes(sampler, stops);
        lock (_path.Gate)
            Call(_path, new SubmissionEntry { Opcode = Opcode.SetSampler, Context = Handle }, bytes, isInput: true, _path.Execute, default);
    }

    /// <summary>Copies a row of the latest logits, vocabulary floats, over the link.</summary>
    public float[] Logits(int row)
    {
        var logits = new float[_path.Vocabulary];
        var bytes = new byte[logits.Length * sizeof(float)];
        lock (_path.Gate)
            Call(
                _path,
                new SubmissionEntry
                {
                    Opcode = Opcode.LogitsRead,
                    Context = Handle,
                    Arg0 = (uint)row,
                },
                bytes,
                isInput: false,
                _path.Execute,
                default
            );
        for (var i = 0; i < logits.Length; i++)
            logits[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return logits;
    }

    /// <summary><see cref="Logits"/>, checked as the card checks those that it samples.</summary>
    /// <exception cref="DriverException">No probabilities follow from the logits (<see cref="LogitCheck"/>).</exception>
    public float[] CheckedLogits(int row)
    {
        var logits = Logits(row);
        return LogitCheck.HaveSoftmax(logits)
            ? logits
            : throw new DriverException(StatusCode.NotANumber, $"the logits of position {row} give no probabilities");
    }

    /// <summary>Forgets every position at or after <paramref name="position"/>.</summary>
    public void Trim(int position)
    {
        lock (_path.Gate)
            Call(
                _path,
                new SubmissionEntry
                {
                    Opcode = Opcode.KvTrim,
                    Context = Handle,
                    Arg0 = (uint)position,
                },
                [],
                isInput: true,
                _path.Execute,
                default
            );
    }

    /// <summary>Stops what runs in this context at the next token; the commands concerned answer 0006.</summary>
    public void Cancel()
    {
        lock (_path.Gate)
            Call(_path, new SubmissionEntry { Opcode = Opcode.Cancel, Context = Handle }, [], isInput: true, _path.Execute, default);
    }

    /// <summary>Frees the context. Does nothing when it has gone with its channel or card.</summary>
    public void Dispose()
    {
        lock (_path.Gate)
        {
            if (_isClosed || _path.Dead is not null)
                return;
            _isClosed = true;
            try
            {
                var cid = _path.Send(new SubmissionEntry { Opcode = Opcode.ContextClose, Context = Handle }, _path.Execute, default);
                _path.Receive(cid, _path.Execute, default);
                _path.Release();
            }
            catch (DriverException) when (_path.Dead is not null)
            {
                // Channel or card went in the meantime.
            }
        }
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_isClosed, this);

    private static byte[] SamplerBytes(in SamplerSettings sampler, ReadOnlySpan<int> stops)
    {
        var bytes = new byte[SamplerBlock.Size + stops.Length * 4];
        new SamplerBlock(sampler, (uint)stops.Length).Write(bytes);
        for (var i = 0; i < stops.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(SamplerBlock.Size + 4 * i), stops[i]);
        return bytes;
    }

    /// <summary>Runs one command with its data pinned for as long as it runs; throws unless it succeeds.</summary>
    private static CompletionEntry Call(
        ICommandPath path,
        SubmissionEntry entry,
        byte[] data,
        bool isInput,
        TimeSpan timeout,
        CancellationToken cancel
    )
    {
        List<PinnedBuffer> pins = [];
        ushort? cid = null;
        try
        {
            if (data.Length > 0)
            {
                var buffer = path.Pin(data);
                pins.Add(buffer);
                var address = buffer.Address;
                if (data.Length > SubmissionEntry.PageBytes)
                {
                    var list = new byte[16];
                    BinaryPrimitives.WriteUInt64LittleEndian(list, address);
                    BinaryPrimitives.WriteUInt32LittleEndian(list.AsSpan(8), (uint)data.Length);
                    pins.Add(path.Pin(list));
                    address = pins[^1].Address;
                    entry = entry with { Flags = entry.Flags | CommandFlags.ScatterList };
                }
                entry = entry with { Length = (uint)data.Length, Source = isInput ? address : 0, Destination = isInput ? 0 : address };
            }
            cid = path.Send(entry, timeout, cancel);
            var answer = path.Receive(cid.Value, timeout, cancel);
            if (answer.Code != StatusCode.Ok)
                throw new DriverException(answer.Code, $"command {entry.Opcode} failed");
            if (entry.Opcode == Opcode.LogitsRead)
                path.AwaitData(pins[0], answer.Aux, timeout, cancel);
            // Memory that is shared with another process is not the caller's array.
            if (!isInput && pins.Count > 0 && !pins[0].Memory.Equals(data.AsMemory()))
                pins[0].Memory.CopyTo(data);
            return answer;
        }
        finally
        {
            if (cid is { } sent)
                path.Abandon(sent);
            foreach (var pin in pins)
                path.Unpin(pin);
        }
    }
}

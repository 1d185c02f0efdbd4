using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Campaign;

/// <summary>
/// A client that sends commands by itself: copies, fences, more than its ring holds, and the use of a context that is not its own. Each
/// accepted command must be answered once, in order, and copies must come back as they went.
/// </summary>
internal sealed class CommandSession : ICampaignSession
{
    private const int Entries = 8;
    private const int CopyBytes = 64;
    private readonly CampaignCard _card;
    private readonly Random _random;
    private readonly string _name;
    private readonly byte[] _data = new byte[CopyBytes];
    private readonly byte[] _back = new byte[CopyBytes];
    private readonly Dictionary<ushort, SubmissionEntry> _waiting = [];
    private readonly Queue<ushort> _order = new();
    private Channel? _channel;
    private PinnedBuffer? _source,
        _target;
    private int _batches;
    private bool _wasWritten;

    /// <summary>A session with a random number of batches.</summary>
    public CommandSession(CampaignCard card, int client, Random random)
    {
        (_card, Client, _random, _name) = (card, client, random, $"commands of client {client}");
        _batches = random.Next(3, 12);
    }

    /// <inheritdoc/>
    public int Client { get; }

    /// <inheritdoc/>
    public bool IsDone => _card.IsKilled(Client) || _card.IsLost || (_batches <= 0 && _waiting.Count == 0);

    /// <summary>Commands that were answered.</summary>
    public int Answered { get; private set; }

    /// <inheritdoc/>
    public void Step()
    {
        try
        {
            if (_waiting.Count > 0)
                Take(TimeSpan.FromMilliseconds(_random.Next(3) == 0 ? 1 : 200));
            else
                Send();
        }
        catch (DriverException e)
        {
            _card.Note((long)e.Code, _card.Card.Clock.Now);
            _card.Recoveries++;
            Take(TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public void Check()
    {
        // What the driver answered when the channel died is still to be taken.
        Take(TimeSpan.Zero);
        if (_waiting.Count > 0 && !_card.IsKilled(Client))
            _card.Violate($"{_name}: {_waiting.Count} commands were not answered");
    }

    private void Send()
    {
        _batches--;
        if (_card.Client(Client) is not { } handle)
            return;
        if (_channel is not { Dead: null })
        {
            _channel = handle.CreateChannel(Entries, _random.Next(2) == 0 ? ChannelMode.Poll : ChannelMode.Interrupt);
            (_source, _target) = (handle.Pin(_data), handle.Pin(_back));
        }

        _random.NextBytes(_data);
        Array.Clear(_back);
        _wasWritten = false;
        var commands = new List<SubmissionEntry>();
        var sram = (ulong)(Client * CopyBytes);
        commands.Add(
            new()
            {
                Opcode = Opcode.MemcpyH2D,
                Source = _source!.Address,
                Destination = sram,
                Length = CopyBytes,
            }
        );
        for (var n = _random.Next(10); n > 0; n--)
            commands.Add(new() { Opcode = _random.Next(2) == 0 ? Opcode.Nop : Opcode.Fence });
        if (_random.Next(3) == 0)
            commands.Add(
                new()
                {
                    Opcode = Opcode.Decode,
                    Flags = CommandFlags.Stream,
                    Context = (uint)_random.Next(1, 6),
                    Arg0 = 4,
                }
            );
        commands.Insert(
            1,
            new()
            {
                Opcode = Opcode.MemcpyD2H,
                Source = sram,
                Destination = _target!.Address,
                Length = CopyBytes,
            }
        );
        SubmissionEntry[] batch = [.. commands.Select((c, i) => c with { Cid = (ushort)(1000 + (_batches * 32) + i) })];
        var accepted = _channel.Submit(batch);
        if (accepted >= Entries)
            _card.Violate($"{_name}: a ring of {Entries} entries took {accepted} commands");
        foreach (var command in batch.AsSpan(0, accepted))
        {
            _waiting.Add(command.Cid, command);
            _order.Enqueue(command.Cid);
        }
    }

    private void Take(TimeSpan timeout)
    {
        if (_channel is null)
            return;
        var answers = new CompletionEntry[16];
        while (_channel.Poll(answers, timeout) is > 0 and var count)
        {
            foreach (var answer in answers.AsSpan(0, count))
                Take(answer);
            timeout = TimeSpan.Zero;
        }
    }

    private void Take(CompletionEntry answer)
    {
        _card.Note(Client, answer.Cid, (long)answer.Code, answer.Result, _card.Card.Clock.Now);
        if (!_waiting.Remove(answer.Cid, out var command) || answer.StreamContinues)
        {
            _card.Violate($"{_name}: an answer to command {answer.Cid}, which waits for none");
            return;
        }

        Answered++;
        if (_order.Dequeue() != answer.Cid)
            _card.Violate($"{_name}: command {answer.Cid} was answered out of order");
        if (answer.Code != StatusCode.Ok)
            return;
        if (command.Opcode == Opcode.Decode)
            _card.Violate($"{_name}: a context of another client was used");
        _wasWritten |= command.Opcode == Opcode.MemcpyH2D;
        if (command.Opcode == Opcode.MemcpyD2H && _wasWritten)
            CheckCopy(answer);
    }

    private void CheckCopy(CompletionEntry answer)
    {
        // Data that a fault held up come a little later; the check value tells.
        for (var tries = 0; DataCheck.Of(_back) != answer.Aux && tries < 100; tries++)
            _card.Card.Clock.AdvanceTo(_card.Card.Clock.Now + 10_000);
        if (DataCheck.Of(_back) != answer.Aux)
        {
            // A reset took them: the host knows that they are not there.
            _card.Recoveries++;
            return;
        }

        if (!_back.AsSpan().SequenceEqual(_data))
            _card.Violate($"{_name}: {CopyBytes} bytes came back changed");
    }
}

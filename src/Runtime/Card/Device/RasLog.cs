using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Error counters and the ring of 16 records. Correctable errors of one kind are recorded at most once a minute, all are
/// counted.</summary>
internal sealed class RasLog(SimulatedClock clock)
{
    /// <summary>Records that the ring holds.</summary>
    public const int Entries = 16;

    private const long CorrectableIntervalNs = 60_000_000_000;
    private readonly Dictionary<(RasSource, StatusCode), long> _lastCorrectable = [];
    private readonly uint[] _counts = new uint[3];
    private uint _sequence;

    /// <summary>The records as the host reads them.</summary>
    public byte[] Ring { get; } = new byte[Entries * RasRecord.Size];

    /// <summary>Where the next record goes.</summary>
    public int Head { get; private set; }

    /// <summary>How far the host has read; the host writes it.</summary>
    public int Tail { get; set; }

    /// <summary>Errors of a class so far.</summary>
    public uint Count(RasClass kind) => _counts[(int)kind];

    /// <summary>Counts an error and records it.</summary>
    public void Add(RasSource source, RasClass kind, StatusCode code, int channel, ulong address)
    {
        var count = ++_counts[(int)kind];
        if (kind == RasClass.Correctable)
        {
            if (_lastCorrectable.TryGetValue((source, code), out var last) && clock.Now - last < CorrectableIntervalNs)
                return;
            _lastCorrectable[(source, code)] = clock.Now;
        }
        var record = new RasRecord
        {
            Sequence = _sequence++,
            TimeNs = (ulong)clock.Now,
            Source = source,
            Class = kind,
            Channel = (ushort)channel,
            Code = code,
            Count = count,
            Address = address,
        };
        record.Write(Ring.AsSpan(Head * RasRecord.Size));
        Head = (Head + 1) % Entries;

        // A full ring gives up its oldest record: the latest errors matter most.
        if (Head == Tail)
            Tail = (Tail + 1) % Entries;
    }

    /// <summary>An access to an offset that has no register, or to SRAM past its end.</summary>
    public void UnknownRegister(int offset) => Add(RasSource.Pcie, RasClass.Correctable, StatusCode.BadField, 0, (ulong)offset);

    /// <summary>Records not yet read, oldest first.</summary>
    public byte[] Unread()
    {
        var count = (Head - Tail + Entries) % Entries;
        var bytes = new byte[count * RasRecord.Size];
        for (var i = 0; i < count; i++)
            Ring.AsSpan((Tail + i) % Entries * RasRecord.Size, RasRecord.Size).CopyTo(bytes.AsSpan(i * RasRecord.Size));
        return bytes;
    }
}

using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>
/// The driver of the cards in a machine. It reaches a card through its <see cref="PcieLink"/> and pinned memory alone. Every wait is
/// bounded in simulated time, and nothing moves unless a caller waits, so runs repeat to the nanosecond. Safe to call from several threads.
/// </summary>
public sealed class CardDriver
{
    /// <summary>More resets than this in <see cref="ResetWindow"/> take a card offline.</summary>
    public const int MaxResets = 3;

    /// <summary>See <see cref="MaxResets"/>; simulated time.</summary>
    public static readonly TimeSpan ResetWindow = TimeSpan.FromMinutes(10);

    private readonly Slot[] _slots;
    private readonly DriverTimeouts _timeouts;

    internal sealed class Slot(SimulatedCard card)
    {
        public SimulatedCard Card { get; } = card;
        public Lock Gate { get; } = new();
        public CardSession? Session { get; set; }
        public Queue<DeviceEvent> Events { get; } = new();
        public List<long> Resets { get; } = [];
        public int LastClient { get; set; }
    }

    public CardDriver(IReadOnlyList<SimulatedCard> cards, DriverTimeouts? timeouts = null)
    {
        _slots = [.. cards.Select(c => new Slot(c))];
        _timeouts = timeouts ?? new DriverTimeouts();
    }

    public int Count => _slots.Length;

    /// <summary>Opens a card as a new client, bringing it up when nobody holds it or its last session has ended.</summary>
    /// <exception cref="DriverException">No card answers (0406), or it does not boot, or it is offline after too many resets.</exception>
    public CardHandle Open(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _slots.Length);
        var slot = _slots[index];
        lock (slot.Gate)
            return new CardHandle(this, slot, Attach(slot), ++slot.LastClient);
    }

    /// <summary>The slot's living session, or a new one.</summary>
    internal CardSession Attach(Slot slot)
    {
        if (slot.Session is { Dead: null } living)
            return living;
        if (slot.Session is not null)
            CountReset(slot);
        slot.Session = CardSession.Start(slot.Card.Link, slot.Card.Memory, _timeouts, slot.Events, slot.Card.Options.Vectors, slot.Gate);
        return slot.Session;
    }

    /// <summary>Resets a card: every handle but the caller's is dead afterwards.</summary>
    internal CardSession Reset(Slot slot, ResetKind kind)
    {
        slot.Session?.Die(StatusCode.DeviceReset);
        if (kind == ResetKind.Function)
            slot.Card.Link.ResetFunction();
        else
            slot.Card.Link.Write(Bar.Control, Bar0.Reset, Bar0.ResetKey);
        return Attach(slot);
    }

    private static void CountReset(Slot slot)
    {
        var now = slot.Card.Clock.Now;
        slot.Resets.RemoveAll(at => now - at > ResetWindow.Ticks * TimeSpan.NanosecondsPerTick);
        if (slot.Resets.Count >= MaxResets)
            throw new DriverException(
                StatusCode.DeviceReset,
                $"the card is offline: {MaxResets} resets within {ResetWindow.TotalMinutes} minutes"
            );
        slot.Resets.Add(now);
    }
}

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

    private readonly AttachedCard[] _cards;
    private readonly DriverTimeouts _timeouts;

    internal sealed class AttachedCard(PcieLink link)
    {
        public PcieLink Link { get; } = link;
        public Lock Gate { get; } = new();
        public CardSession? Session { get; set; }
        public Queue<DeviceEvent> Events { get; } = new();
        public List<long> Resets { get; } = [];
        public int LastClient { get; set; }
    }

    /// <summary>A driver for the cards behind <paramref name="links"/>.</summary>
    public CardDriver(IReadOnlyList<PcieLink> links, DriverTimeouts? timeouts = null)
    {
        _cards = [.. links.Select(l => new AttachedCard(l))];
        _timeouts = timeouts ?? new DriverTimeouts();
    }

    /// <summary>Cards.</summary>
    public int Count => _cards.Length;

    /// <summary>Opens a card as a new client, bringing it up when nobody holds it or its last session has ended.</summary>
    /// <exception cref="DriverException">No card answers (0406), or it does not boot, or it is offline after too many resets.</exception>
    public CardHandle Open(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _cards.Length);
        var card = _cards[index];
        lock (card.Gate)
            return new CardHandle(this, card, Attach(card), ++card.LastClient);
    }

    /// <summary>The card's living session, or a new one.</summary>
    internal CardSession Attach(AttachedCard card)
    {
        if (card.Session is { Dead: null } living)
            return living;
        if (card.Session is not null)
            CountReset(card);
        card.Session = CardSession.Start(card.Link, _timeouts, card.Events, card.Gate);
        return card.Session;
    }

    /// <summary>Resets a card: every handle but the caller's is dead afterwards.</summary>
    internal CardSession Reset(AttachedCard card, ResetKind kind)
    {
        card.Session?.Die(StatusCode.DeviceReset);
        if (kind == ResetKind.Function)
            card.Link.ResetFunction();
        else
            card.Link.Write(Bar.Control, Bar0.Reset, Bar0.ResetKey);
        return Attach(card);
    }

    /// <summary>Brings a card to where it takes an image: every handle but the caller's is dead afterwards. A card that runs is shut down,
    /// which is no reset; any other is reset.</summary>
    internal CardSession Empty(AttachedCard card)
    {
        if (!BringUp.ShutDown(card.Link, _timeouts))
            return Reset(card, ResetKind.Soft);
        card.Session?.Die(StatusCode.DeviceReset);
        card.Session = CardSession.Start(card.Link, _timeouts, card.Events, card.Gate);
        return card.Session;
    }

    private static void CountReset(AttachedCard card)
    {
        var now = card.Link.Clock.Now;
        card.Resets.RemoveAll(at => now - at > ResetWindow.Ticks * TimeSpan.NanosecondsPerTick);
        if (card.Resets.Count >= MaxResets)
            throw new DriverException(
                StatusCode.DeviceReset,
                $"the card is offline: {MaxResets} resets within {ResetWindow.TotalMinutes} minutes"
            );
        card.Resets.Add(now);
    }
}

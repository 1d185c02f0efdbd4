using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Campaign;

/// <summary>The card of a campaign, its clients, and what was seen of them.</summary>
internal sealed class CampaignCard : IDisposable
{
    private readonly CardDriver _driver;
    private readonly byte[] _image;
    private readonly Dictionary<int, CardHandle> _clients = [];
    private readonly HashSet<int> _killed = [];
    private readonly List<string> _violations = [];
    private int _starts;

    /// <summary>Powers a card on.</summary>
    public CampaignCard(LatencyModel link)
    {
        Card = new SimulatedCard(Core, new CardOptions { Link = link });
        _driver = new CardDriver([Card.Link]);
        var image = new MemoryStream();
        var (model, mask) = (Core.Identity.Model, Core.Identity.Mask);
        ChipRuntimeImage.Write(image, model, mask, 1, [(ImageSectionKind.Firmware, "firmware", new byte[5000])]);
        _image = image.ToArray();
    }

    /// <summary>The chip behind the card.</summary>
    public SequenceCore Core { get; } = new();

    /// <summary>The card.</summary>
    public SimulatedCard Card { get; }

    /// <summary>What must not happen and did.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Of everything noted so far.</summary>
    public ulong Digest { get; private set; } = 14695981039346656037;

    /// <summary>The card answers no more, and a fault explains it.</summary>
    public bool IsLost { get; private set; }

    /// <summary>How often a session began again after a fault.</summary>
    public int Recoveries { get; set; }

    /// <summary>Whether a client was ended.</summary>
    public bool IsKilled(int client) => _killed.Contains(client);

    /// <summary>Notes a violation.</summary>
    public void Violate(string what) => _violations.Add(what);

    /// <summary>Takes numbers into the digest (FNV-1a of 64-bit words).</summary>
    public void Note(params ReadOnlySpan<long> numbers)
    {
        foreach (var number in numbers)
            Digest = unchecked((Digest ^ (ulong)number) * 1099511628211);
    }

    /// <summary>A client's hold on the card, opened again when its session has ended; null when the card is lost.</summary>
    /// <exception cref="DriverException">The card did not come up this time.</exception>
    public CardHandle? Client(int client)
    {
        if (IsLost)
            return null;
        if (!_clients.TryGetValue(client, out var handle) || handle.Session.Dead is not null)
        {
            handle?.Dispose();
            _clients.Remove(client);
            if (Open() is not { } opened)
                return null;
            _clients[client] = handle = opened;
        }

        // A fault may have struck the last loading.
        if (handle.State == DeviceState.ReadyNoImage)
        {
            _starts++;
            handle.LoadImage(new MemoryStream(_image));
        }

        return handle;
    }

    /// <summary>Ends a client in the middle of its work.</summary>
    public void Kill(int client)
    {
        _killed.Add(client);
        if (_clients.Remove(client, out var handle))
            handle.Close();
    }

    /// <summary>Ends all clients; nothing of theirs may be left.</summary>
    public void CloseAll()
    {
        var isAlive = _clients.Values.Any(c => c.Session.Dead is null);
        foreach (var handle in _clients.Values)
            handle.Close();
        _clients.Clear();
        if (!isAlive)
            return;
        // The rings of the driver itself remain.
        if (Card.Memory.Count > 2)
            Violate($"{Card.Memory.Count - 2} ranges of host memory are still pinned");
        if (Core.OpenContexts > 0)
            Violate($"{Core.OpenContexts} contexts are still open");
    }

    /// <inheritdoc/>
    public void Dispose() => Card.Dispose();

    private CardHandle? Open()
    {
        try
        {
            return _driver.Open(0);
        }
        catch (DriverException e) when (e.Code is StatusCode.Link or StatusCode.Timeout or StatusCode.DeviceReset)
        {
            Lose(e);
            return null;
        }
    }

    // Only its removal, a broken ROM or too many resets take a card away.
    private void Lose(DriverException error)
    {
        IsLost = true;
        var isExplained =
            _starts > CardDriver.MaxResets
            || Card.Faults.Struck.Any(f => f.Kind == FaultKind.SurpriseRemoval || (f.Kind == FaultKind.RomStuckBit && f.Argument == 2));
        if (!isExplained)
            Violate($"the card is lost without a reason: {error.Message}");
    }
}

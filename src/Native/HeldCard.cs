using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Native;

/// <summary>A card that the caller has open, with the contexts on it. One call at a time.</summary>
internal sealed class HeldCard
{
    private readonly Lock _gate = new();
    private readonly List<HeldContext> _contexts = [];
    private RemoteCard _card;
    private TextTokenizer? _tokenizer;
    private bool _isClosed;

    private HeldCard(RemoteCard card) => _card = card;

    /// <summary>Opens a card.</summary>
    /// <exception cref="LibraryException">None of that name runs.</exception>
    public static HeldCard Open(string name)
    {
        if (!DeviceFolder.IsUp(name))
            throw new LibraryException(LibraryStatus.NoDevice, $"device '{name}' is not running; taalas device start CHIP --name {name}");
        return new HeldCard(RemoteCard.Open(name));
    }

    /// <summary>Does something with the card and its tokenizer.</summary>
    public void Use(Action<RemoteCard, Func<TextTokenizer>> use)
    {
        lock (_gate)
        {
            if (_isClosed)
                throw new LibraryException(LibraryStatus.BadHandle, "the card was closed");
            use(_card, Tokenizer);
        }
    }

    /// <summary>Opens a context; for 0 positions with as many as the chip gives a user.</summary>
    public HeldContext OpenContext(int positions, SamplerSettings sampler, int[] stops)
    {
        HeldContext? context = null;
        Use(
            (card, _) =>
            {
                var most = positions == 0 ? card.Device.Context : positions;
                context = new HeldContext(this, card.OpenContext(most, sampler, stops, ownChannel: true), stops);
                _contexts.Add(context);
            }
        );
        return context!;
    }

    /// <summary>A context has been freed.</summary>
    public void Forget(HeldContext context)
    {
        lock (_gate)
            _contexts.Remove(context);
    }

    /// <summary>Opens the card again; its contexts end.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            EndContexts();
            _card = (RemoteCard)_card.Reopen();
            _tokenizer = null;
        }
    }

    /// <summary>Gives the card another runtime image and opens it again.</summary>
    public void Load(ReadOnlySpan<byte> image)
    {
        lock (_gate)
        {
            EndContexts();
            try
            {
                _card.LoadImage(image);
            }
            finally
            {
                if (_card.Dead is not null)
                    _card = (RemoteCard)_card.Reopen();
                _tokenizer = null;
            }
        }
    }

    /// <summary>Ends the hold.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            EndContexts();
            _card.Dispose();
        }
    }

    private void EndContexts()
    {
        foreach (var context in _contexts)
            context.End();
        _contexts.Clear();
    }

    private TextTokenizer Tokenizer() =>
        _tokenizer ??= TextTokenizer.Create(
            TokenizerDataFile.Read(
                File.Exists(_card.TokenizerFile)
                    ? File.ReadAllBytes(_card.TokenizerFile)
                    : throw new InputException($"{_card.TokenizerFile}: the tokenizer of the chip image has gone")
            )
        );
}

using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Server.Settings;

namespace TaalasSim.Server.Slots;

/// <summary>What every slot shares: the card, the tokenizer, the settings.</summary>
internal sealed class SlotModel(SimulatedHost host, ServerOptions options)
{
    private readonly Dictionary<string, DryBreakers> _breakers = new(StringComparer.Ordinal);

    /// <summary>The host with the card.</summary>
    public SimulatedHost Host { get; } = host;

    /// <summary>Settings of the server.</summary>
    public ServerOptions Options { get; } = options;

    /// <summary>The model's tokenizer.</summary>
    public TextTokenizer Tokenizer => Host.Tokenizer;

    /// <summary>Ids at which the card ends a decode.</summary>
    public int[] Ends { get; } = [.. host.EndTokens()];

    /// <summary>Tokens that end a repeat; kept, since finding them reads the whole vocabulary.</summary>
    public DryBreakers Breakers(IReadOnlyList<string> texts)
    {
        var key = string.Join('\0', texts);
        if (!_breakers.TryGetValue(key, out var breakers))
            _breakers[key] = breakers = new DryBreakers(Tokenizer, texts);
        return breakers;
    }
}

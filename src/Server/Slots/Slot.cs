using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Server.Requests;

namespace TaalasSim.Server.Slots;

/// <summary>A user slot of the chip: a context on the card that is kept between requests, with what it holds.</summary>
internal sealed class Slot(int id, InferenceContext context)
{
    /// <summary>Number, from 0.</summary>
    public int Id { get; } = id;

    /// <summary>Its context on the card.</summary>
    public InferenceContext Context { get; set; } = context;

    /// <summary>Tokens in the context.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>The answer in work; null when free.</summary>
    public SlotRun? Run { get; set; }

    /// <summary>Ticks at which the last answer ended; −1 for never.</summary>
    public long LastUsed { get; set; } = -1;

    /// <summary>Number of the last task; −1 for never.</summary>
    public long LastTask { get; set; } = -1;

    /// <summary>Settings of the last answer.</summary>
    public CompletionSettings? LastSettings { get; set; }

    /// <summary>Tokens of the last prompt.</summary>
    public int LastPrompt { get; set; }

    /// <summary>Number of tokens that begin a prompt and the context alike.</summary>
    public int CommonPrefix(IReadOnlyList<int> prompt)
    {
        var count = 0;
        while (count < prompt.Count && count < Tokens.Count && prompt[count] == Tokens[count])
            count++;
        return count;
    }
}

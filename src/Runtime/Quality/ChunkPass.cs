using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Quality;

/// <summary>
/// Evaluates text chunks on a chip. It drives the functional pass itself, in batches: the same masks and kernels as behind the card, but
/// not the card's DMA, over which a row of logits per position would take most of the time and show nothing more.
/// </summary>
public sealed class ChunkPass : IDisposable
{
    private const int LogitsHeld = 1 << 24;

    private readonly ForwardPass _pass;
    private readonly Sequence _sequence;
    private readonly float[] _logits;
    private readonly int _rows;

    /// <summary>Prepares a chip.</summary>
    /// <param name="chip">Opened image; stays the caller's.</param>
    /// <param name="kernels">Backend and arithmetic; stays the caller's.</param>
    /// <param name="context">Tokens per chunk.</param>
    /// <exception cref="InputException">The model is not autoregressive, or the chip cannot hold that context.</exception>
    public ChunkPass(WiredChip chip, IKernelSet kernels, int context)
    {
        if (!chip.Description.Model.Causal)
            throw new InputException(
                $"{chip.Folder}: a diffusion model does not predict the next token, so perplexity is not defined for it"
            );
        var limit = chip.LargestContext;
        if (context > limit)
            throw new InputException($"-c {context}: the chip holds at most {limit} tokens per user");
        _pass = new ForwardPass(
            chip,
            kernels,
            ForwardPass.PromptBatch(chip.Description.Model, context),
            context,
            ForwardPass.Held(context)
        );
        _sequence = _pass.NewSequence(context);
        _rows = Math.Clamp(LogitsHeld / _pass.VocabularySize, 1, 512);
        _logits = new float[_rows * _pass.VocabularySize];
    }

    /// <summary>Logits per row.</summary>
    public int VocabularySize => _pass.VocabularySize;

    /// <summary>Evaluates one chunk from an empty sequence and hands out the logits of its scored positions in order.</summary>
    /// <exception cref="DriverException">No probabilities follow from the logits of a position.</exception>
    public void Evaluate(TextChunks text, int chunk, ScoredRow scored, CancellationToken cancel = default)
    {
        var tokens = text.Chunk(chunk);
        _sequence.Trim(0);
        var v = VocabularySize;
        _pass.Evaluate(_sequence, tokens.AsSpan(0, text.FirstScored), _logits.AsSpan(0, v), cancel);
        for (var row = 0; row < text.Scored; )
        {
            var rows = Math.Min(_rows, text.Scored - row);
            _pass.Evaluate(_sequence, tokens.AsSpan(text.FirstScored + row, rows), _logits.AsSpan(0, rows * v), cancel);
            for (var i = 0; i < rows; i++, row++)
            {
                var logits = _logits.AsSpan(i * v, v);
                if (!LogitCheck.HaveSoftmax(logits))
                    throw new DriverException(
                        StatusCode.NotANumber,
                        $"the logits of chunk {chunk + 1}, position {text.FirstScored + row} give no probabilities"
                    );
                scored(row, logits, text.Next(chunk, row));
            }
        }
    }

    /// <summary>Frees the buffers; not the chip or the kernels.</summary>
    public void Dispose()
    {
        _sequence.Dispose();
        _pass.Dispose();
    }
}

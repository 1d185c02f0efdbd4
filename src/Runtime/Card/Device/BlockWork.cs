using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>A block while it is filled.</summary>
internal sealed class BlockWork
{
    private readonly int _mask;
    private readonly uint[] _steps;
    private readonly float[] _confidences;

    /// <summary>A block of masked positions.</summary>
    public BlockWork(int positions, int mask)
    {
        _mask = mask;
        Ids = new int[positions];
        Array.Fill(Ids, mask);
        _steps = new uint[positions];
        _confidences = new float[positions];
    }

    /// <summary>Tokens; the mask token where none is revealed yet.</summary>
    public int[] Ids { get; }

    /// <summary>Steps so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Takes what a step revealed.</summary>
    public void Take(IReadOnlyList<Reveal> revealed)
    {
        Steps++;
        foreach (var reveal in revealed)
            (_steps[reveal.Position], _confidences[reveal.Position]) = ((uint)Steps, reveal.Confidence);
    }

    /// <summary>Whether every position is revealed, or every one up to the first of the stop ids.</summary>
    public bool IsFinished(int[] stops)
    {
        for (var i = 0; i < Ids.Length; i++)
            if (_steps[i] == 0)
                return false;
            else if (Array.IndexOf(stops, Ids[i]) >= 0)
                return true;
        return true;
    }

    /// <summary>Id, step and confidence of every position, as the host reads them.</summary>
    public byte[] Bytes()
    {
        var words = new uint[Ids.Length * 3];
        for (var i = 0; i < Ids.Length; i++)
        {
            words[3 * i] = (uint)(_steps[i] == 0 ? _mask : Ids[i]);
            words[(3 * i) + 1] = _steps[i];
            words[(3 * i) + 2] = BitConverter.SingleToUInt32Bits(_confidences[i]);
        }

        return PageWriter.Words(words);
    }
}

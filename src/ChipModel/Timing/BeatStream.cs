namespace TaalasSim.ChipModel.Timing;

/// <summary>Sums of output segments on their way to the lanes: one beat of a link's width a cycle.</summary>
/// <param name="First">Cycle in which the first beat comes to the links.</param>
/// <param name="Beats">Beats of a segment, one a cycle.</param>
/// <param name="Segments">Segments whose beats come side by side; a part of one where experts are chosen or dies share.</param>
public readonly record struct BeatStream(double First, double Beats, double Segments)
{
    /// <summary>Cycle after the one in which the last beat passes the links.</summary>
    /// <remarks>Links pass as many beats a cycle as they can, so after any cycle they are busy for as long as the beats that come from then
    /// on need: the end is the latest of t + ⌈beats from t on / beats a cycle⌉. It lies at the start of a stream or at the end of the
    /// last, since between these the beats that come in a cycle only become fewer.</remarks>
    /// <param name="streams">Streams, at least one.</param>
    /// <param name="beatsPerCycle">Beats that the links pass in a cycle.</param>
    public static double End(ReadOnlySpan<BeatStream> streams, double beatsPerCycle)
    {
        var end = double.NegativeInfinity;
        foreach (var stream in streams)
            end = Math.Max(end, stream.First + stream.Beats);
        foreach (var from in streams)
        {
            var beats = 0.0;
            foreach (var stream in streams)
                beats += stream.Segments * Math.Clamp(stream.First + stream.Beats - from.First, 0, stream.Beats);
            end = Math.Max(end, from.First + Math.Ceiling(beats / beatsPerCycle));
        }

        return end;
    }
}

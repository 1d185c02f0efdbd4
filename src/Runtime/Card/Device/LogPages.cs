using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>The pages that GET_LOG reads.</summary>
internal sealed class LogPages(CardOptions options, ChannelTable channels, CorePipeline pipeline, CardState state, RasLog ras)
{
    /// <summary>Content of a page now; null when there is no such page.</summary>
    public byte[]? Read(LogPage page) =>
        page switch
        {
            LogPage.Health => PageWriter.Words(
                (uint)state.Current,
                Milli(pipeline.Kelvin),
                Milli(pipeline.Watts),
                state.ResetGeneration,
                ras.Count(RasClass.Correctable),
                ras.Count(RasClass.Contained),
                ras.Count(RasClass.Fatal)
            ),
            LogPage.Error => ras.Unread(),
            LogPage.Profile => PageWriter.LongWords(
                pipeline.Tokens,
                pipeline.Passes,
                (long)pipeline.BusyNs,
                (long)Math.Round(pipeline.Joules * 1e6),
                (long)Math.Round(pipeline.AverageWatts * 1e6)
            ),
            LogPage.Debug => PageWriter.Words([
                .. channels.All.SelectMany(h => new[] { (uint)h.State, (uint)h.SqHead, (uint)h.SqTail, (uint)h.CqHead, (uint)h.CqTail }),
            ]),
            LogPage.Sensor => PageWriter.Words(
                Milli(pipeline.Kelvin),
                Milli(pipeline.Watts),
                (uint)options.Millivolts,
                (uint)Math.Round(options.Kilohertz * pipeline.ClockFraction)
            ),
            _ => null,
        };

    private static uint Milli(double value) => (uint)Math.Round(value * 1000);
}

using System.Runtime.InteropServices;
using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Commands that open, close and change contexts without evaluating a token.</summary>
internal sealed class ContextCommands(IChipCore core, DmaEngine dma, ContextTable contexts, ChannelControl control, CommandRunner runner)
{
    /// <summary>Arg0: positions; Source, Length: sampler block and stop ids.</summary>
    public IEnumerator<long> Open(DeviceCommand c)
    {
        var max = c.Entry.Arg0;
        if (max == 0 || max > core.Identity.MaxContext)
        {
            runner.Finish(c, max == 0 ? StatusCode.BadField : StatusCode.ContextLengthExceeded);
            yield break;
        }
        var status = ReadSampler(c, out var sampler, out var stops, out var ns);
        yield return ns;
        if (status == StatusCode.Ok && contexts.IsFull)
            status = StatusCode.KvExhausted;
        if (status != StatusCode.Ok)
        {
            control.FinishTransfer(c, status);
            yield break;
        }
        runner.Finish(c, StatusCode.Ok, contexts.Open(c, (int)max, sampler, stops).Handle);
    }

    /// <summary>Closes a context, a poisoned one as well.</summary>
    public IEnumerator<long> Close(DeviceCommand c)
    {
        var status = contexts.Find(c, out var context);
        if (status is StatusCode.Ok or StatusCode.EccContained)
        {
            contexts.Close(context);
            status = StatusCode.Ok;
        }
        runner.Finish(c, status);
        yield break;
    }

    /// <summary>Source, Length: sampler block and stop ids.</summary>
    public IEnumerator<long> SetSampler(DeviceCommand c)
    {
        var status = contexts.Find(c, out var context);
        long ns = 0;
        SamplerSettings sampler = default;
        int[] stops = [];
        if (status == StatusCode.Ok)
            status = ReadSampler(c, out sampler, out stops, out ns);
        yield return ns;
        if (status == StatusCode.Ok)
        {
            (context.Sampler, context.Stops) = (sampler, stops);
            core.ResetSampler(context.Core);
        }
        control.FinishTransfer(c, status);
    }

    /// <summary>Arg0: position from which on everything is forgotten.</summary>
    public IEnumerator<long> Trim(DeviceCommand c)
    {
        var status = contexts.Find(c, out var context);
        if (status == StatusCode.Ok && c.Entry.Arg0 > context.Length)
            status = StatusCode.BadField;
        if (status == StatusCode.Ok)
        {
            core.TrimKv(context.Core, (int)c.Entry.Arg0);
            context.Length = (int)c.Entry.Arg0;
            context.Pending = null;
            context.Block = null;
            context.LogitRows = 0;
        }
        runner.Finish(c, status, 0, status == StatusCode.Ok ? (uint)context.Length : 0);
        yield break;
    }

    /// <summary>Arg0: row; Destination, Length: room for the vocabulary in f32.</summary>
    public IEnumerator<long> ReadLogits(DeviceCommand c)
    {
        var status = contexts.Find(c, out var context);
        if (status == StatusCode.Ok)
            status =
                c.Entry.Arg0 >= context.LogitRows ? StatusCode.BadField
                : c.Entry.Length != core.Identity.Vocabulary * 4L ? StatusCode.DmaLength
                : StatusCode.Ok;
        if (status != StatusCode.Ok)
        {
            runner.Finish(c, status);
            yield break;
        }
        var bytes = MemoryMarshal.AsBytes(core.Logits(context.Core, (int)c.Entry.Arg0)).ToArray();
        status = dma.Scatter(c, c.Entry.Destination, bytes, out var ns);
        yield return ns;
        control.FinishTransfer(c, status, (uint)bytes.Length);
    }

    private StatusCode ReadSampler(DeviceCommand c, out SamplerSettings sampler, out int[] stops, out long ns)
    {
        sampler = default;
        stops = [];
        ns = 0;
        if (c.Entry.Length < SamplerBlock.Size || c.Entry.Length > SamplerBlock.Size + 4 * SamplerBlock.MaxStops)
            return StatusCode.DmaLength;
        var status = dma.Gather(c, c.Entry.Source, (int)c.Entry.Length, out var data, out ns);
        if (status != StatusCode.Ok)
            return status;
        var block = SamplerBlock.Read(data);
        sampler = block.Settings;
        if (block.StopCount > SamplerBlock.MaxStops || data.Length != SamplerBlock.Size + 4 * (int)block.StopCount)
            return StatusCode.BadField;
        stops = MemoryMarshal.Cast<byte, int>(data.AsSpan(SamplerBlock.Size)).ToArray();
        return StatusCode.Ok;
    }
}

using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Copies between host memory and SRAM.</summary>
internal sealed class CopyCommands(CardOptions options, DmaEngine dma, Sram sram, ChannelControl control, CommandRunner runner)
{
    /// <summary>Source: host; Destination: SRAM address; Length: bytes.</summary>
    public IEnumerator<long> ToDevice(DeviceCommand c)
    {
        var e = c.Entry;
        if (!sram.Contains(e.Destination, e.Length))
        {
            runner.Finish(c, StatusCode.SramOutOfRange);
            yield break;
        }
        var status = CheckLength(e);
        byte[] data = [];
        long ns = 0;
        if (status == StatusCode.Ok)
            status = dma.Gather(c, e.Source, (int)e.Length, out data, out ns);
        yield return ns;
        if (status == StatusCode.Ok)
            data.CopyTo(sram.Range(e.Destination, data.Length));
        control.FinishTransfer(c, status, e.Length);
    }

    /// <summary>Source: SRAM address; Destination: host; Length: bytes.</summary>
    public IEnumerator<long> ToHost(DeviceCommand c)
    {
        var e = c.Entry;
        if (!sram.Contains(e.Source, e.Length))
        {
            runner.Finish(c, StatusCode.SramOutOfRange);
            yield break;
        }
        var status = CheckLength(e);
        long ns = 0;
        byte[] data = [];
        if (status == StatusCode.Ok)
        {
            data = sram.Range(e.Source, (int)e.Length).ToArray();
            status = dma.Scatter(c, e.Destination, data, out ns);
        }
        yield return ns;
        control.FinishTransfer(c, status, e.Length, DataCheck.Of(data));
    }

    private StatusCode CheckLength(in SubmissionEntry e) => e.Length > options.MaxTransferBytes ? StatusCode.DmaLength : StatusCode.Ok;
}

using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Takes a runtime image from the host piece by piece, verifies it and activates it.</summary>
internal sealed class ImageLoader(
    CardOptions options,
    IChipCore core,
    DmaEngine dma,
    FaultInjector faults,
    CardState state,
    CommandRunner runner
)
{
    private MemoryStream? _staging;

    /// <summary>How far the image has come.</summary>
    public ImageState State { get; private set; }

    /// <summary>Status code of the last rejected image; 0 for none.</summary>
    public uint Error { get; private set; }

    /// <summary>Source, Length: a piece; Arg0, Arg1: its offset, low and high dword; Arg2 bit 0: the last piece.</summary>
    public IEnumerator<long> Load(DeviceCommand c)
    {
        var e = c.Entry;
        var status = Begin(e);
        if (status != StatusCode.Ok)
        {
            runner.Finish(c, status);
            yield break;
        }
        status = dma.Gather(c, e.Source, (int)e.Length, out var data, out var ns);
        yield return ns;
        if (status != StatusCode.Ok)
        {
            runner.Finish(c, status);
            yield break;
        }
        if (faults.Strike(FaultKind.ImageCorrupted, e.Cid) is { } fault)
            data[FaultInjector.Choose(fault.Seed, data.Length)] ^= 0x40;
        _staging!.Write(data);
        if ((e.Arg2 & 1) == 0)
        {
            runner.Finish(c, StatusCode.Ok, (uint)data.Length);
            yield break;
        }
        State = ImageState.Verifying;
        yield return (long)Math.Ceiling(_staging.Length / options.HashBytesPerNs);
        var verdict = Verify();
        runner.Finish(c, verdict.Code, (uint)data.Length, (uint)verdict.Failed);
    }

    /// <summary>Starts the verified image.</summary>
    public IEnumerator<long> Activate(DeviceCommand c)
    {
        if (state.Current != DeviceState.ReadyNoImage || State != ImageState.Verifying || _staging is not null)
        {
            runner.Finish(c, StatusCode.Busy);
            yield break;
        }
        state.Set(DeviceState.Activating);
        yield return options.BootStageNs;
        State = ImageState.Active;
        state.Set(DeviceState.Running);
        runner.Finish(c, StatusCode.Ok);
    }

    /// <summary>The card shut down: no image is active.</summary>
    public void Unload() => State = ImageState.None;

    /// <summary>A reset: forgets the image and what was loaded of it.</summary>
    public void Forget()
    {
        _staging = null;
        State = ImageState.None;
        Error = 0;
    }

    private StatusCode Begin(in SubmissionEntry e)
    {
        var offset = e.Arg0 | (long)e.Arg1 << 32;
        if (state.Current != DeviceState.ReadyNoImage)
            return StatusCode.Busy;
        if (offset == 0)
        {
            _staging = new MemoryStream();
            State = ImageState.Loading;
            Error = 0;
        }
        if (_staging is null || offset != _staging.Length || (e.Arg2 & ~1u) != 0)
            return StatusCode.BadField;
        return e.Length > options.MaxTransferBytes || offset + e.Length > options.MaxImageBytes ? StatusCode.DmaLength : StatusCode.Ok;
    }

    private ImageVerdict Verify()
    {
        var policy = options.ImagePolicy with { Model = core.Identity.Model, Mask = core.Identity.Mask };
        var verdict = ImageVerifier.Verify(_staging!, policy);
        _staging = null;
        if (verdict.Code != StatusCode.Ok)
        {
            State = ImageState.Rejected;
            Error = (uint)verdict.Code;
        }
        return verdict;
    }
}

using System.Runtime.InteropServices;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Native;

/// <summary><c>taalas_properties</c> of <c>taalas.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PropertiesStruct
{
    private const int ModelBytes = 128;
    private const int NameBytes = 64;

    public uint Size;
    public uint State;
    public uint Generation;
    public uint Process;
    public uint UserSlots;
    public uint ContextTokens;
    public uint Vocabulary;
    public int FirstToken;
    public double IdleWatts;
    public fixed byte Model[ModelBytes];
    public fixed byte Fabric[NameBytes];
    public fixed byte Backend[NameBytes];

    /// <summary>What a card told when it was opened.</summary>
    public static PropertiesStruct Of(RemoteCard card, int firstToken)
    {
        var device = card.Device;
        var filled = new PropertiesStruct
        {
            State = (uint)(Enum.TryParse<DeviceState>(device.State, out var state) ? state : DeviceState.Resetting),
            Generation = (uint)device.Generation,
            Process = (uint)device.Pid,
            UserSlots = (uint)device.UserSlots,
            ContextTokens = (uint)device.Context,
            Vocabulary = (uint)card.Vocabulary,
            FirstToken = firstToken,
            IdleWatts = device.IdleWatts,
        };
        Texts.Copy(device.Model, new Span<byte>(filled.Model, ModelBytes));
        Texts.Copy(device.Fabric, new Span<byte>(filled.Fabric, NameBytes));
        Texts.Copy(device.Backend, new Span<byte>(filled.Backend, NameBytes));
        return filled;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TaalasSim.Native.Tests;

/// <summary>The library as a program calls it.</summary>
internal static unsafe partial class Driver
{
    public const int Ok = 0;
    public const int Busy = 0x0009;
    public const int BadHandle = 0x1001;
    public const int BadArgument = 0x1002;
    public const int NoDevice = 0x1003;
    public const int BufferTooSmall = 0x1004;
    public const int End = 0x1005;

    [StructLayout(LayoutKind.Sequential)]
    public struct Sampler
    {
        public float Temperature;
        public uint TopK;
        public float TopP;
        public float MinP;
        public float RepeatPenalty;
        public float Frequency;
        public float Presence;
        public uint LastN;
        public ulong Seed;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Settings
    {
        public uint Size;
        public uint Positions;
        public Sampler Sampler;
        public int* Stops;
        public uint StopCount;
        public uint EndsTexts;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Token
    {
        public int Id;
        public uint Position;
        public ulong TimeNs;
        public uint IsLast;
        public uint Reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Telemetry
    {
        public uint Size;
        public uint State;
        public double Celsius;
        public double Watts;
        public double AverageWatts;
        public double Joules;
        public ulong TimeNs;
        public ulong Tokens;
        public fixed byte Rest[40];
    }

    public static string LastError => Marshal.PtrToStringUTF8(taalas_last_error())!;

    public static uint Version() => taalas_version();

    public static string VersionText() => Marshal.PtrToStringUTF8(taalas_version_text())!;

    public static string StatusText(int status) => Marshal.PtrToStringUTF8(taalas_status_text(status))!;

    [ModuleInitializer]
    public static void Resolve() =>
        NativeLibrary.SetDllImportResolver(
            typeof(Driver).Assembly,
            (name, _, _) => name == "taalas" ? NativeLibrary.Load(DriverLibrary.File) : 0
        );

    [LibraryImport("taalas", EntryPoint = "taalas_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string name, out nint card);

    [LibraryImport("taalas", EntryPoint = "taalas_open")]
    public static partial int OpenRaw(nint name, nint card);

    [LibraryImport("taalas", EntryPoint = "taalas_close")]
    public static partial int Close(nint card);

    [LibraryImport("taalas", EntryPoint = "taalas_reopen")]
    public static partial int Reopen(nint card);

    [LibraryImport("taalas", EntryPoint = "taalas_get_telemetry")]
    public static partial int GetTelemetry(nint card, ref Telemetry telemetry);

    [LibraryImport("taalas", EntryPoint = "taalas_get_properties")]
    public static partial int GetProperties(nint card, byte[] properties);

    [LibraryImport("taalas", EntryPoint = "taalas_load_image")]
    public static partial int LoadImage(nint card, byte[] image, ulong bytes);

    [LibraryImport("taalas", EntryPoint = "taalas_tokenize", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Tokenize(nint card, string text, int[] ids, uint capacity, out uint count);

    [LibraryImport("taalas", EntryPoint = "taalas_token_bytes")]
    public static partial int TokenBytes(nint card, int id, byte[] buffer, uint capacity, out uint bytes);

    [LibraryImport("taalas", EntryPoint = "taalas_create_context")]
    public static partial int CreateContext(nint card, ref Settings settings, out nint context);

    [LibraryImport("taalas", EntryPoint = "taalas_free_context")]
    public static partial int FreeContext(nint context);

    [LibraryImport("taalas", EntryPoint = "taalas_set_sampler")]
    public static partial int SetSampler(nint context, ref Sampler sampler);

    [LibraryImport("taalas", EntryPoint = "taalas_prefill")]
    public static partial int Prefill(nint context, int[] ids, uint count, uint position, uint timeoutMs, out uint length);

    [LibraryImport("taalas", EntryPoint = "taalas_trim")]
    public static partial int Trim(nint context, uint position);

    [LibraryImport("taalas", EntryPoint = "taalas_read_logits")]
    public static partial int ReadLogits(nint context, float[] logits, uint capacity);

    [LibraryImport("taalas", EntryPoint = "taalas_decode")]
    public static partial int Decode(nint context, uint tokens, uint timeoutMs, out nint stream);

    [LibraryImport("taalas", EntryPoint = "taalas_next")]
    public static partial int Next(nint stream, out Token token);

    [LibraryImport("taalas", EntryPoint = "taalas_end_stream")]
    public static partial int EndStream(nint stream);

    [LibraryImport("taalas", EntryPoint = "taalas_cancel")]
    public static partial int Cancel(nint context);

    [LibraryImport("taalas")]
    private static partial uint taalas_version();

    [LibraryImport("taalas")]
    private static partial nint taalas_version_text();

    [LibraryImport("taalas")]
    private static partial nint taalas_status_text(int status);

    [LibraryImport("taalas")]
    private static partial nint taalas_last_error();
}

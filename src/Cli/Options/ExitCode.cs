namespace TaalasSim.Cli.Options;

/// <summary>Exit codes of the program.</summary>
public static class ExitCode
{
    /// <summary>Done, and the answer is yes.</summary>
    public const int Done = 0;

    /// <summary>The answer is no: it does not fit, a validation failed.</summary>
    public const int No = 1;

    /// <summary>Bad input or usage.</summary>
    public const int BadInput = 2;

    /// <summary>The simulated device failed, or its result is not a number.</summary>
    public const int DeviceFailed = 3;

    /// <summary>A fault of the program itself (EX_SOFTWARE of sysexits.h).</summary>
    public const int InternalFault = 70;

    /// <summary>Interrupted by the user (128 + SIGINT).</summary>
    public const int Cancelled = 130;

    /// <summary>Ended by another program (128 + SIGTERM).</summary>
    public const int Terminated = 143;

    /// <summary>Every code with its meaning, for documentation.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "Done, and the answer is yes."),
        (No, "The answer is no: the model does not fit, a validation failed."),
        (BadInput, "Bad input or usage."),
        (DeviceFailed, "The simulated device failed, or its result is not a number."),
        (InternalFault, "A fault of this program."),
        (Cancelled, "Interrupted (Ctrl-C, SIGINT); every file written is complete."),
        (Terminated, "Ended by SIGTERM; every file written is complete."),
    ];
}

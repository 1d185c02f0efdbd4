using System.Text;
using Microsoft.Win32.SafeHandles;
using TaalasSim.Cli;

// The console's own stream swallows that the reader of a pipe has gone; a file stream says so, and the program ends. Files, whose position
// other programs may share, keep the console's stream.
if (Console.IsOutputRedirected && !OperatingSystem.IsWindows())
{
    var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
    if (!pipe.CanSeek)
        Console.SetOut(new StreamWriter(pipe, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
}

return await CommandLine.RunAsync(args).ConfigureAwait(false);

using System.Runtime.CompilerServices;
using TaalasSim.Support;

namespace TaalasSim;

/// <summary>Compiled into each test project: the process has its folder of temporaries before its first test.</summary>
internal static class TestProcess
{
    [ModuleInitializer]
    internal static void Start() => TemporaryFolder.Start();
}

using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("TaalasSim.Runtime.Tests")]

// ILGPU calls kernels and reads their argument types from an assembly that it makes at run time.
[assembly: InternalsVisibleTo("ILGPURuntime")]

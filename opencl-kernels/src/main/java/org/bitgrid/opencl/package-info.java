/**
 * A second device for tensors: {@code model.to(Device.opencl(0))}. Public are {@link org.bitgrid.opencl.OpenCl}, which
 * tells what devices there are, and the errors; the rest is found by the tensor module through ServiceLoader.
 *
 * <p>Where to read next: {@code OpenClBackend} (which kernel computes which operator), {@code ClKernel} and
 * {@code ClLaunch} (how a kernel is written), {@code ClBuffer} (where elements are), {@code ClRuntime} (one device).
 */
package org.bitgrid.opencl;

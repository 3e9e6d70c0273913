package org.bitgrid.testing;

import org.bitgrid.tensor.BitgridException;
import org.junit.jupiter.api.function.Executable;

/**
 * A misuse of an operator.
 *
 * @param call    what goes wrong
 * @param type    the error's type
 * @param message regular expression that its whole message matches
 */
public record ErrorSample(Executable call, Class<? extends BitgridException> type, String message) {
}
